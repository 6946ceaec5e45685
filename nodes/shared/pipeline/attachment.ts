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
			identity: id.split('/').at(-1)!,
			content: async function* () {
				yield* (await context.helpers.getBinaryStream(id, PIECE)) as AsyncIterable<Uint8Array>;
			},
		};
	}
	const whole = await context.helpers.getBinaryDataBuffer(item, name);
	const content = async function* () {
		for (let from = 0; from < whole.length; from += PIECE) {
			await breathe();
			yield whole.subarray(from, from + PIECE);
		}
	};
	const hash = createHash('sha256');
	for await (const piece of content()) hash.update(piece);
	return { ...about, bytes: whole.length, identity: hash.digest('base64url'), content };
}

function missing(name: string, others: string[]): OperationError {
	const listed = others.map((other) => `“${other}”`).join(', ');
	const there = listed === '' ? 'it has no file at all' : `its files are ${listed}`;
	const advice =
		'Put a node before this one that reads or downloads the document, and name the field in which it puts the file.';
	return new OperationError('invalid', `This item has no file “${name}”: ${there}`, { advice });
}
