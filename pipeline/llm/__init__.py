"""One question to one OpenAI-compatible server: composed, kept, checked, asked again."""
