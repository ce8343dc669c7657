// Before the door of a card's own page: reads a tap where the phone's browser can, and goes in with it.

import { readCards } from './card.js';

readCards((link) => location.replace(`/card?${link.split('?')[1]}`));
