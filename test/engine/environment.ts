import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Imported before anything of n8n, which reads the environment once: its settings object writes an encryption
 * key to `<N8N_USER_FOLDER>/.n8n`, by default in the home folder of whoever runs the tests. `runtime.ts`
 * removes this one again as soon as n8n has its settings.
 */
export const userFolder = join(tmpdir(), `n8n-engine-${randomUUID()}`);

process.env.N8N_USER_FOLDER = userFolder;
// The key is the machine's n8n's, and a proxy would get what is meant for loopback.
for (const name of ['N8N_ENCRYPTION_KEY', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']) {
	delete process.env[name];
	delete process.env[name.toLowerCase()];
}
