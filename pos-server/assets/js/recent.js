// Recent sales: links do it all; only the connection is watched.

import { watchConnection } from './connection.js';
import { find, menus } from './page.js';

watchConnection();
menus();
find('[aria-current="true"].sold')?.scrollIntoView({ block: 'nearest' });
