import { OperationError } from '../shared/errors';
import type { Attachment } from '../shared/operation/acts';
import type { ParameterReader, Step } from '../shared/operation/types';
import type { HttpRequest } from '../shared/provider';
import { shown } from '../shared/values/text';
import type { Kind } from './product';

/** Where the document comes from. */
export type Source = { from: 'binary'; property: string } | { from: 'url'; url: string };

/** A document that was found good, as far as that can be told here. */
export interface Document {
	/** As Click2Mail names it, such as PDF. */
	format: string;
	/** Another one for another document. */
	identity: string;
	/** Undefined where Click2Mail fetches it. */
	file?: Attachment;
	url?: string;
}

/** Kinds of documents that Click2Mail prints, by the ends of their names. Source: REST API return codes. */
const FORMATS = ['pdf', 'doc', 'docx', 'pub', 'ppt', 'pptx', 'odt', 'jpeg', 'jpg', 'png'];

/** Ends of addresses that name a program, or a version of one, and not what it gives. */
const PROGRAM = /^(php\d?|aspx?|ashx|jsp|cgi|do|\d+)$/;

const BY_MIME_TYPE: Record<string, string> = {
	'application/pdf': 'pdf',
	'application/x-pdf': 'pdf',
	'application/msword': 'doc',
	'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
	'application/x-mspublisher': 'pub',
	'application/vnd.ms-powerpoint': 'ppt',
	'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
	'application/vnd.oasis.opendocument.text': 'odt',
	'image/jpeg': 'jpg',
	'image/jpg': 'jpg',
	'image/png': 'png',
};

/** How a document begins, where its kind tells; a PDF may have something before it, as its readers allow. */
const BEGINNINGS: Array<[kinds: string[], beginning: RegExp]> = [
	[['PDF'], /%PDF-/],
	[['PNG', 'JPG', 'JPEG'], /^(?:\x89PNG|\xFF\xD8)/],
	[['DOCX', 'PPTX', 'ODT'], /^PK/],
	// Their versions begin in too many ways to list, but not as markup or JSON; RTF, which is one, has a brace.
	[['DOC', 'PPT', 'PUB'], /^(?!(?:\xEF\xBB\xBF)?\s*(?:<|\{(?!\\rtf)))/],
];
/** So much of a document is looked at, in bytes. */
const BEGINNING = 1024;

/** @throws OperationError `invalid` */
export function sourceIn(read: ParameterReader): Source {
	const from = read.choice('documentSource', ['binary', 'url'] as const);
	if (from === 'binary') return { from, property: read.required('binaryPropertyName') };
	read.required('documentUrl');
	const advice =
		'Write it like https://example.com/letter.pdf. Click2Mail fetches it, so it has to be open to the internet.';
	return { from, url: read.webAddress('documentUrl', advice) };
}

/** Finds the document and checks its kind and size. @throws OperationError `invalid` */
export async function documentOf(kind: Kind, source: Source, step: Step): Promise<Document> {
	if (source.from === 'url') {
		const end = endOf(new URL(source.url).pathname);
		const format = formatOf(kind, end === undefined || PROGRAM.test(end) ? 'pdf' : end, source.url);
		return { format, identity: source.url, url: source.url };
	}
	const file = await step.attachment(source.property);
	const name = file.fileName || source.property;
	if (file.bytes === 0) throw unusable(name, 'is empty');
	const end = endOf(file.fileName) ?? file.mimeType;
	const mimeType = file.mimeType.split(';')[0]!.trim().toLowerCase();
	const format = formatOf(kind, BY_MIME_TYPE[mimeType] ?? end, name);
	const known = BEGINNINGS.find(([kinds]) => kinds.includes(format))?.[1];
	if (known?.test(await beginningOf(file)) === false)
		throw unusable(
			name,
			`is named ${format}, and is none: a download that failed may have left an error page`,
		);
	return { format, identity: file.identity, file };
}

async function beginningOf({ content }: Attachment): Promise<string> {
	let beginning = '';
	for await (const piece of content()) {
		beginning += Buffer.from(piece).toString('latin1', 0, BEGINNING);
		if (beginning.length >= BEGINNING) break;
	}
	return beginning.slice(0, BEGINNING);
}

const endOf = (name: string) => /\.(\w{1,5})\s*$/.exec(name)?.[1]?.toLowerCase();

function formatOf(kind: Kind, end: string, name: string): string {
	const isCard = kind === 'postcard';
	if (isCard ? end === 'pdf' : FORMATS.includes(end)) return end.toUpperCase();
	const what = isCard ? 'a PDF of two pages' : `one of ${FORMATS.join(', ')}`;
	throw unusable(name, `must be ${what}, but is ${shown(end) || 'of a kind that it does not name'}`);
}

function unusable(name: string, trouble: string): OperationError {
	return new OperationError('invalid', `The document “${shown(name)}” ${trouble}`, {
		advice: /^https?:/i.test(name)
			? 'Give the address of another one.'
			: 'Look at the node that gives the document to this one.',
	});
}

/** Uploads it, or has it fetched. Source: Upload a Document page. */
export function uploadRequest(
	{ format, file, url }: Document,
	documentClass: string,
	documentName: string,
): HttpRequest {
	const about = { documentFormat: format, documentClass, documentName };
	if (!file) return { method: 'POST', path: '/documents/url', form: { url: url!, ...about } };
	return {
		method: 'POST',
		path: '/documents',
		form: about,
		// Click2Mail goes by the end of the name alone.
		file: { ...file, field: 'file', fileName: `document.${format.toLowerCase()}` },
	};
}
