// What a PDF says, as a viewer would copy it.
import { inflateSync } from 'node:zlib';

const ESCAPED = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** The lines of a PDF's pages, from its bytes. */
export function pdfText(bytes) {
  const file = Buffer.from(bytes).toString('latin1');
  const streams = [...file.matchAll(/\/FlateDecode.*?>>\s*stream\r?\n([\s\S]*?)\r?\nendstream/g)];
  return streams.flatMap(([, packed]) => shown(inflateSync(Buffer.from(packed, 'latin1')).toString('latin1'))).join('\n');
}

/** The strings that a page's operations show, literal or hexadecimal. */
function shown(operations) {
  const strings = operations.matchAll(/(?:\(((?:\\.|[^\\)])*)\)|<([0-9A-Fa-f]*)>)\s*Tj/g);
  return [...strings].map(([, literal, hex]) => hex !== undefined
    ? Buffer.from(hex, 'hex').toString('latin1')
    : literal.replace(/\\(.)/g, (_, letter) => ESCAPED[letter] ?? letter));
}
