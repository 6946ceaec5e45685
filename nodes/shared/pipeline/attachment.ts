import { createHash } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import { OperationError } from '../errors';
import type { Attachment, Breather } from '../operation/acts';

/** How much of a file is read, hashed or sent at a time, in bytes. */
const PIECE = 256 * 1024;

/**
 * A file of an item, as n8n keeps it: on its disk or in its store, from where it is streamed, or in its memory.
 *
 * @param name of the binary property
 * @throws OperationError `invalid` when the item has no such file
 */
export async function attachmentOf(
	context: IExecuteFunctions,
	item: number,
	name: string,
	breathe: Breather,
): Promise<Attachment> {
	const files = context.getInputData()[item]?.binary ?? {};
	if (!Object.hasOwn(files, name)) throw missing(name, Object.keys(files));
	const { id, fileName, fileExtension = '', mimeType = '' } = context.helpers.assertBinaryData(item, name);
	const about = { fileName: fileName ?? (fileExtension && `document.${fileExtension}`), mimeType };
	if (id !== undefined) {
		const { fileSize } = await context.helpers.getBinaryMetadata(id);
		return {
			...about,
			bytes: fileSize,
			// Where n8n keeps it changes: what a webhook takes in is moved to its execution's files at the end.
			identity: id.slice(id.lastIndexOf('/') + 1),
			content: async function* () {
				yield* (await context.helpers.getBinaryStream(id, PIECE)) as AsyncIterable<Uint8Array>;
			},
		};
	}
	const whole = await context.helpers.getBinaryDataBuffer(item, name);
	const hash = createHash('sha256');
	for (const piece of piecesOf(whole)) {
		hash.update(piece);
		await breathe();
	}
	return {
		...about,
		bytes: whole.length,
		identity: hash.digest('base64url'),
		content: async function* () {
			for (const piece of piecesOf(whole)) {
				await breathe();
				yield piece;
			}
		},
	};
}

function* piecesOf(whole: Buffer): Generator<Buffer> {
	for (let from = 0; from < whole.length; from += PIECE) yield whole.subarray(from, from + PIECE);
}

function missing(name: string, others: string[]): OperationError {
	const there =
		others.length === 0
			? 'it has no file at all'
			: `its files are ${others.map((other) => `“${other}”`).join(', ')}`;
	return new OperationError('invalid', `This item has no file “${name}”: ${there}`, {
		advice:
			'Put a node before this one that reads or downloads the document, and name the field in which it puts the file.',
	});
}
