"""What the commands do, one file each with `main(args) -> exit code`; cli.py parses for them."""
