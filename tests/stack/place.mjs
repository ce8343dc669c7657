// Where the stack's folder lies.
import { mkdtempSync, statfsSync } from 'node:fs';
import { freemem } from 'node:os';

const MEMORY = '/dev/shm';
const ROOM = 4 * 2 ** 30;

/**
 * A new folder. On disk, unless `fleeting`: then in the machine's memory where it has plenty, which is
 * many times quicker and gone with a power cut. STACK_TMP goes before either.
 */
export function newHome(fleeting) {
  // Not /tmp: that is often memory, and the bench measures durable commits.
  const place = process.env.STACK_TMP ?? (fleeting && plentyOfMemory() ? MEMORY : '/var/tmp');
  return mkdtempSync(`${place}/pos-stack-`);
}

function plentyOfMemory() {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return Math.min(bavail * bsize, freemem() / 2) >= ROOM;
  } catch {
    return false; // Not Linux, or a machine without it.
  }
}
