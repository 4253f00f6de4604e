"""Times as people and players read them."""


def subtitle(milliseconds: int, point: str) -> str:
    """hh:mm:ss,mmm (SRT: `point` is ",") or hh:mm:ss.mmm (VTT)."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}{point}{rest:03d}"
