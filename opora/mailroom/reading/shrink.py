"""A child of its own: says what a picture file holds, or writes one page of it as a small grey JPEG.

python -I shrink.py inspect FILE         → «pages width height», the size of the largest page
python -I shrink.py page FILE N PIXELS   → JPEG of page N (from 1), its long side no more than PIXELS

It is run with limits of memory and time and imports nothing of the house.
"""

import sys
import warnings

from PIL import Image

MOST_PAGES = 5_000
MOST_PIXELS = 80_000_000


def main(arguments: list[str]) -> None:
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # the header is read before anything is unpacked, and our own limit is lower
    with Image.open(arguments[1]) as picture:
        if arguments[0] == "inspect":
            sys.stdout.write(_inspected(picture))
        else:
            _write(picture, int(arguments[2]), int(arguments[3]))


def _inspected(picture: Image.Image) -> str:
    widest = picture.size
    pages = 0
    while pages < MOST_PAGES:
        try:
            picture.seek(pages)
        except EOFError:
            break
        pages += 1
        widest = max(widest, picture.size, key=lambda size: size[0] * size[1])
    return f"{pages} {widest[0]} {widest[1]}"


def _write(picture: Image.Image, number: int, pixels: int) -> None:
    picture.seek(number - 1)
    if picture.width * picture.height > MOST_PIXELS:
        sys.exit("too large")
    picture.draft("L", (pixels, pixels))
    page = picture.convert("L")
    page.thumbnail((pixels, pixels))
    page.save(sys.stdout.buffer, "JPEG", quality=70)


if __name__ == "__main__":
    main(sys.argv[1:])
