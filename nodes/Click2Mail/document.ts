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

/** How documents begin, where their kind tells; a PDF may have something before it, as its readers allow. */
const PDF = /%PDF-/;
const IMAGE = /^(?:\x89PNG|\xFF\xD8)/;
const ZIP = /^PK/;
/** Their versions begin in too many ways to list, but not as markup or JSON; RTF, which is one, has a brace. */
const OFFICE = /^(?!(?:\xEF\xBB\xBF)?\s*(?:<|\{(?!\\rtf)))/;

/** Kinds of documents that Click2Mail prints, by the ends of their names. Source: REST API return codes. */
const FORMATS: Array<[end: string, beginning: RegExp, ...mimeTypes: string[]]> = [
	['pdf', PDF, 'application/pdf', 'application/x-pdf'],
	['doc', OFFICE, 'application/msword'],
	['docx', ZIP, 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
	['pub', OFFICE, 'application/x-mspublisher'],
	['ppt', OFFICE, 'application/vnd.ms-powerpoint'],
	['pptx', ZIP, 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
	['odt', ZIP, 'application/vnd.oasis.opendocument.text'],
	['jpeg', IMAGE],
	['jpg', IMAGE, 'image/jpeg', 'image/jpg'],
	['png', IMAGE, 'image/png'],
];

/** Ends of addresses that name a program, or a version of one, and not what it gives. */
const PROGRAM = /^(php\d?|aspx?|ashx|jsp|cgi|do|\d+)$/;

/** So much of a document is looked at, in bytes. */
const BEGINNING = 1024;

/** @throws OperationError `invalid` */
export function sourceIn(read: ParameterReader): Source {
	const from = read.choice('documentSource', ['binary', 'url'] as const);
	if (from === 'binary') return { from, property: read.required('binaryPropertyName') };
	read.required('documentUrl');
	const advice = 'Write it like https://example.com/letter.pdf. It has to be open to the internet.';
	return { from, url: read.webAddress('documentUrl', advice) };
}

/** Finds the document and checks its kind and size. @throws OperationError `invalid` */
export async function documentOf(kind: Kind, source: Source, step: Step): Promise<Document> {
	if (source.from === 'url') {
		const { url } = source;
		const end = endOf(new URL(url).pathname);
		const { format } = formatOf(kind, end === undefined || PROGRAM.test(end) ? 'pdf' : end, url);
		return { format, identity: url, url };
	}
	const file = await step.attachment(source.property);
	const name = file.fileName || source.property;
	if (file.bytes === 0) throw unusable(name, 'is empty');
	const mimeType = file.mimeType.split(';')[0]!.trim().toLowerCase();
	const byMimeType = FORMATS.find(([, , ...mimeTypes]) => mimeTypes.includes(mimeType))?.[0];
	const end = byMimeType ?? endOf(file.fileName) ?? file.mimeType;
	const { format, beginning } = formatOf(kind, end, name);
	if (!beginning.test(await beginningOf(file)))
		throw unusable(name, `is named ${format}, and is none: a download that failed may leave an error page`);
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

function formatOf(kind: Kind, end: string, name: string) {
	const isCard = kind === 'postcard';
	const known = isCard && end !== 'pdf' ? undefined : FORMATS.find(([one]) => one === end);
	if (known) return { format: end.toUpperCase(), beginning: known[1] };
	const what = isCard ? 'a PDF of two pages' : `one of ${FORMATS.map(([one]) => one).join(', ')}`;
	throw unusable(name, `must be ${what}, but is ${shown(end) || 'of a kind that it does not name'}`);
}

function unusable(name: string, trouble: string): OperationError {
	const isUrl = /^https?:/i.test(name);
	const advice = isUrl ? 'Give the address of another one.' : 'Look at the node that gives it to this one.';
	return new OperationError('invalid', `The document “${shown(name)}” ${trouble}`, { advice });
}

/** Uploads it, or has it fetched. Source: Upload a Document page. */
export function uploadRequest(document: Document, documentClass: string, documentName: string): HttpRequest {
	const { format, file, url } = document;
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
