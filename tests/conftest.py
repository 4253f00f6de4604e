"""Here so that what lies beside it (media, tiny_whisper) can be imported by every test."""
