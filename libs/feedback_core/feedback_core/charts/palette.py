"""Colours that colour-blind readers tell apart, and what each stands for.

Source: Okabe & Ito (2008), Color Universal Design. Every colour that carries a meaning stands out from white by 3:1
(WCAG 2.2, 1.4.11), and no meaning is carried by colour alone.
"""

from typing import Final

BLUE: Final = "#0072B2"
VERMILLION: Final = "#D55E00"
GREEN: Final = "#009E73"
PURPLE: Final = "#B8558F"
"""Okabe and Ito's reddish purple (#CC79A7), darker: on white that one stands out too little."""
GREY: Final = "#767676"
BLACK: Final = "#1A1A1A"

FIGURE: Final = BLUE
GOOD: Final = BLUE
BAD: Final = VERMILLION
NEUTRAL: Final = PURPLE
ORDINARY: Final = GREY
TARGET: Final = GREEN
"""What should be reached; always dashed and named."""

MEANINGFUL: Final = (BLUE, VERMILLION, GREEN, PURPLE, GREY, BLACK)
"""Colours that tell readers something."""

TEXT: Final = BLACK
QUIET_TEXT: Final = "#595959"
LINE: Final = "#8C8C8C"
GRID: Final = "#E8E8E8"
GAP: Final = "#EFEFEF"
"""Behind periods without a figure."""
