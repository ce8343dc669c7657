// Databases of their own in the stack's PostgreSQL.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The address of a new, empty database. */
export async function freshDatabase() {
  const { TEST_POSTGRES_URL: url } = process.env;
  if (!url) throw new Error('there is no PostgreSQL: these tests run inside the stack, use make test');
  const name = `browser_${randomBytes(6).toString('hex')}`;
  await psql(url, `CREATE DATABASE ${name}`);
  return Object.assign(new URL(url), { pathname: name }).href;
}

export async function dropDatabase(url) {
  await psql(process.env.TEST_POSTGRES_URL, `DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
}

/** Runs a statement. Answers its rows, each a list of texts. */
export async function psql(url, sql) {
  const args = [url, '-v', 'ON_ERROR_STOP=1', '-qAtF', '\t', '-c', sql];
  const { stdout } = await run(`${process.env.POSTGRES_BIN}/psql`, args);
  return stdout.trim() ? stdout.trim().split('\n').map((row) => row.split('\t')) : [];
}
