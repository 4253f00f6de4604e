"""Sites, built by the generators themselves. Jekyll, whose begin takes ten times as long as a
small site, begins once in a process that forks for each site."""

import subprocess
import sys
from functools import cache
from pathlib import Path

JEKYLL = ("jekyll", "build", "--disable-disk-cache")
# the same, without what Jekyll's own program does for its other commands
FORKS = """
require "jekyll"
%w[kramdown kramdown-parser-gfm rouge sassc jekyll-sass-converter].each do |name|
  begin require name; rescue LoadError; end
end
$stdout.sync = true
while (folder = $stdin.gets)
  Process.wait(fork do
    $stdout.reopen(folder.chomp + ".log", "w")
    $stderr.reopen($stdout)
    Dir.chdir(folder.chomp)
    Jekyll::Commands::Build.process("disable_disk_cache" => true)
  end)
  puts $?.exitstatus
end
"""


def build(command: tuple[str, ...], folder: Path) -> None:
    """The site of a folder; an AssertionError with what its generator said where it failed."""
    if command == JEKYLL and sys.platform != "win32":
        ruby = _jekyll()
        assert ruby.stdin and ruby.stdout
        ruby.stdin.write(f"{folder}\n")
        ruby.stdin.flush()
        code, said = ruby.stdout.readline().strip(), Path(f"{folder}.log")
        assert code == "0", said.read_text() if said.exists() else "ruby has no jekyll"
        return
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


@cache
def _jekyll() -> "subprocess.Popen[str]":
    """Ends with this process, when its input does."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return subprocess.Popen(["ruby", "-e", FORKS], **pipes)  # type: ignore[call-overload]
