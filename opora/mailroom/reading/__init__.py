"""Reading scans: what a file holds (``inspect``), its pages as small pictures and as text (``pages``).

Files come from strangers, so nothing of them is opened in our own process: Poppler, Tesseract and Pillow run as
children with limits of memory and time (``bounded``). What a missing program does is left out and the page says so.
"""
