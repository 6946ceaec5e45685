import type { UploadedFile } from '../provider';

/** What n8n's HTTP client asks of a file in a form. */
interface FormFile {
	name: string;
	type: string;
	size: number;
	stream(): AsyncIterable<Uint8Array>;
}

/**
 * A form with a file, for `multipart/form-data`. The global FormData wants the file in memory; this one hands it on piece
 * by piece. It is what n8n's HTTP client (axios) takes for a form of the standard, and counts its length.
 */
export class UploadForm extends Map<string, string | FormFile> {
	override readonly [Symbol.toStringTag] = 'FormData';
	/** By which the client tells a form. */
	readonly append = this.set.bind(this);

	constructor(fields: Record<string, string>, file: UploadedFile) {
		const { field, fileName: name, mimeType: type, bytes: size } = file;
		super([...Object.entries(fields), [field, { name, type, size, stream: () => file.content() }]]);
	}
}
