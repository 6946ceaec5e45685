import { createHash } from 'crypto';

/** 60 bits of what an act says: enough to tell the acts of one node apart, too few to be anything else. */
export function fingerprint(content: unknown): string {
	return createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 10);
}
