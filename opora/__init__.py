"""Опора — the working place and the memory of a compulsory health insurance (ОМС) contact centre."""
