"""The page on which a person puts an event right: `backrow review`.

reading.py puts the event together from what a run has kept, desk.py holds it and the corrections
that are made, sheet.py is what the page is told, app.py the server on this machine alone.
"""
