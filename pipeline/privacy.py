"""Nothing is told to anybody who was not asked: libraries' reports off, and who is this machine.

Libraries read these switches when they are imported, so `silence` is called by the package's own
`__init__`: before any of them, in every process, on every node of a cluster.
"""

import ipaddress
import os

SILENT = {
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime 1.32 and later: on, unless this is set
    "PYANNOTE_METRICS_ENABLED": "0",
    "OTEL_SDK_DISABLED": "true",  # what pyannote.audio reports through
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
    "WANDB_MODE": "disabled",
    "COMET_MODE": "disabled",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "1",
}
AT_HOME = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",  # a token is sent where it is needed, not with all
}


def silence() -> None:
    """Turn off what libraries report to their makers, whatever the environment says."""
    os.environ.update(SILENT)


def stays_home(profile: str) -> bool:
    """Whether a profile sends nothing to another machine."""
    return profile in ("offline", "local")


def stay_home(profile: str) -> None:
    """Keep model hubs from being asked, where the profile says so; before they are imported."""
    if stays_home(profile):
        os.environ.update(AT_HOME)


def is_here(host: str) -> bool:
    """Whether a host is this machine: "127.0.0.1.example.com" is not."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
