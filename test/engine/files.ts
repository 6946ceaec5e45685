import './environment';

import { Readable } from 'node:stream';
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { IBinaryData } from 'n8n-workflow';

/** As n8n keeps files by default: on its disk, named by an id in the item. */
const MODE = 'filesystem-v2';

interface Kept {
	parts: Buffer[];
	/** Called before each part is handed out. */
	onPart?(): void;
}

const kept = new Map<string, Kept>();

type Manager = Parameters<BinaryDataService['setManager']>[1];

/** Hands files out as n8n's disk does, in parts, and from memory. */
const files = {
	getMetadata: async (id: string) => ({
		fileSize: kept.get(id)!.parts.reduce((sum, { length }) => sum + length, 0),
	}),
	getAsStream: async (id: string) => Readable.from(partsOf(kept.get(id)!)),
	getAsBuffer: async (id: string) => Buffer.concat(kept.get(id)!.parts),
} as unknown as Manager;

async function* partsOf({ parts, onPart }: Kept): AsyncGenerator<Buffer> {
	for (const part of parts) {
		// The disk takes a moment.
		await new Promise((resolve) => setImmediate(resolve));
		onPart?.();
		yield part;
	}
}

/**
 * A file of an item, as n8n hands one from node to node that it keeps on its disk.
 *
 * @param id another one for another file
 */
export function keepFile(id: string, mimeType: string, file: Kept): IBinaryData {
	Container.get(BinaryDataService).setManager(MODE, files);
	kept.set(id, file);
	return { id: `${MODE}:${id}`, data: MODE, mimeType, fileName: `${id}.pdf` };
}
