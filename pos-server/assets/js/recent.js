// Recent sales: links do it all; only the connection is watched.

import { watchConnection } from './connection.js';
import { find } from './page.js';

watchConnection();
find('[aria-current="true"].sold')?.scrollIntoView({ block: 'nearest' });
