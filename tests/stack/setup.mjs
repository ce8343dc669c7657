// Asks the set-up scripts where the programs are; they install or build what is missing.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const folder = fileURLToPath(new URL('../../deploy/setup/', import.meta.url));

/** The lines that `deploy/setup/<part>.sh` prints: the paths of what it provides. */
export async function setup(part) {
  try {
    const { stdout } = await promisify(execFile)(`${folder}${part}.sh`);
    return stdout.trim().split('\n');
  } catch (error) {
    throw new Error(error.stderr?.trim().split('\n').slice(-25).join('\n') || error.message);
  }
}
