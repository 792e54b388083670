"""Plan of visits: who goes where and when. Pure; ``solver`` alone knows the library that searches."""
