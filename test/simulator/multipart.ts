/** One part of a multipart body as it arrived. */
export interface Part {
	name: string;
	/** Undefined for a field that is no file. */
	fileName: string | undefined;
	contentType: string;
	bytes: number;
	/** The value of a field, or the first characters of a file. */
	text: string;
}

/** How much of a file is kept, in bytes. */
const KEPT = 4096;

/**
 * Reads a `multipart/form-data` body (RFC 7578).
 *
 * @returns null for one that is malformed
 */
export function readMultipart(contentType: string, body: Buffer): Part[] | null {
	const boundary = /^multipart\/form-data;.*\bboundary="?([^";]+)"?/i.exec(contentType)?.[1];
	if (boundary === undefined) return null;
	const delimiter = Buffer.from(`\r\n--${boundary}`);
	if (!body.subarray(0, delimiter.length - 2).equals(delimiter.subarray(2))) return null;
	const parts: Part[] = [];
	for (let from = delimiter.length - 2; ;) {
		const mark = body.subarray(from, from + 2).toString('latin1');
		if (mark === '--') return parts;
		if (mark !== '\r\n') return null;
		const head = body.indexOf('\r\n\r\n', from);
		const end = head < 0 ? -1 : body.indexOf(delimiter, head + 4 - 2);
		if (end < 0) return null;
		const part = partOf(body.subarray(from + 2, head).toString('utf8'), body.subarray(head + 4, end));
		if (part === null) return null;
		parts.push(part);
		from = end + delimiter.length;
	}
}

function partOf(head: string, content: Buffer): Part | null {
	const disposition = /^content-disposition: form-data;(.*)$/im.exec(head)?.[1];
	const name = disposition && /\bname="([^"]*)"/.exec(disposition)?.[1];
	if (!name) return null;
	const fileName = /\bfilename="([^"]*)"/.exec(disposition)?.[1];
	return {
		name,
		fileName,
		contentType: /^content-type: (.*)$/im.exec(head)?.[1] ?? '',
		bytes: content.length,
		text: content.subarray(0, fileName === undefined ? undefined : KEPT).toString('utf8'),
	};
}
