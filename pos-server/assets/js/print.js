// Opens the printer's dialog once the page is painted.

addEventListener('load', () => print());
