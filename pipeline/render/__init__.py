"""From the finished article to the files that a user keeps.

Promise: everything is written whole or not at all, nothing that a person has edited is written
over, and no word from a recording, a model or an event file can act as Markdown, HTML or a
template's code in the post.
"""
