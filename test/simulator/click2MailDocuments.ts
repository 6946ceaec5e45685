import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { PRODUCTS, type AddressList, type MailBooks, type MailDocument } from './click2MailMail';
import type { Answer, Content, RecordedRequest, Route, Value } from './wire';
import { checkNames, formOf, refuseBody, valueOf, WireMistake } from './wire';

/** Asks for the log-in, then answers. */
export type Guarded = (answer: Route['answer']) => Route['answer'];

const FORMATS = ['PDF', 'DOC', 'DOCX', 'PUB', 'PPT', 'PPTX', 'ODT', 'JPEG', 'JPG', 'PNG'];
const WRONG_FORMAT = 'Only pdf, doc, docx, pub, ppt, pptx, png, jpeg, and odt formats are allowed.';
const MISSING = 'One of the required parameters is missing.';

const ROW = [
	'First_name',
	'Last_name',
	'Organization',
	'Address1',
	'Address2',
	'Address3',
	'City',
	'State',
	'Zip',
	'Country_non-US',
];

/** The uploads of documents and of address lists (Upload a Document, Upload an Address List). */
export function documentsOf(books: MailBooks, baseUrl: () => string, guarded: Guarded): Route[] {
	const refuse = (code: number, description: string, status: number = books.habits.refusedUnder): Answer => ({
		status,
		content: { [books.habits.documentRoot]: { id: 0, status: code, description } },
		accepted: false,
	});

	function keep(document: MailDocument): Answer {
		if (document.documentClass === '' || document.format === '') return refuse(9, MISSING, 400);
		if (!FORMATS.includes(document.format)) return refuse(9, WRONG_FORMAT, 400);
		if (PRODUCTS[document.documentClass] === undefined) return refuse(9, 'Invalid document class', 400);
		const isKnown = [...books.documents.values()].some(({ name }) => name === document.name);
		if (document.name !== '' && isKnown) return refuse(1, 'Duplicate Document', 400);
		const id = String(books.nextMailId++);
		books.documents.set(id, document);
		const pages: Content = books.habits.tellsPages ? { pages: document.pages } : {};
		return made(books.habits.documentRoot, { id, status: 0, description: 'Success', ...pages });
	}

	function made(root: string, content: Content): Answer {
		return { status: books.habits.created, content: { [root]: content }, accepted: true };
	}

	function upload(request: RecordedRequest): Answer {
		checkNames(request.query, [], 'query parameter');
		const { parts } = request;
		if (parts === null)
			throw new WireMistake(415, `Expected multipart/form-data, got '${request.contentType}'`);
		const names = parts.map(({ name, text }): [string, string] => [name, text]);
		checkNames(names, ['documentFormat', 'documentClass', 'documentName', 'file'], 'part');
		const file = parts.find(({ name }) => name === 'file');
		if (file?.fileName === undefined) return refuse(9, "Parameter 'file' is must.", 400);
		const format = valueOf(names, 'documentFormat') ?? '';
		const extension = /\.(\w+)$/.exec(file.fileName)?.[1]?.toUpperCase();
		if (extension !== format) return refuse(9, WRONG_FORMAT, 400);
		if (file.bytes === 0) return refuse(9, 'unreadable or corrupt', 400);
		return keep({
			name: valueOf(names, 'documentName') ?? '',
			documentClass: valueOf(names, 'documentClass') ?? '',
			format,
			pages: Number(/\/Count (\d+)/.exec(file.text)?.[1] ?? 1),
			bytes: file.bytes,
			url: '',
		});
	}

	function fetchByUrl(request: RecordedRequest): Answer {
		checkNames(request.query, [], 'query parameter');
		const form = formOf(request);
		checkNames(form, ['url', 'documentFormat', 'documentClass', 'documentName'], 'form field');
		const documentClass = valueOf(form, 'documentClass') ?? '';
		const url = valueOf(form, 'url') ?? '';
		if (!/^https?:\/\//.test(url)) return refuse(9, MISSING, 400);
		return keep({
			name: valueOf(form, 'documentName') ?? '',
			documentClass,
			format: valueOf(form, 'documentFormat') ?? '',
			pages: documentClass.startsWith('Postcard') ? 2 : 1,
			bytes: 0,
			url,
		});
	}

	function refuseList(description: string): Answer {
		return { status: 400, content: { addressList: { id: 0, status: 9, description } }, accepted: false };
	}

	function createList(request: RecordedRequest): Answer {
		checkNames(request.query, [], 'query parameter');
		if (request.contentType !== 'application/xml')
			throw new WireMistake(415, `Expected application/xml, got '${request.contentType}'`);
		const list = listIn(request.rawBody);
		if (list === null) return refuseList('Invalid input data.');
		const isKnown = [...books.addressLists.values()].some(({ name }) => name === list.name);
		if (list.name !== '' && isKnown) return refuseList('Duplicate address list name');
		const id = String(books.nextMailId++);
		books.addressLists.set(id, list);
		return {
			status: 200,
			content: {
				addressList: { id, status: 0, description: 'Created', statusUrl: `${baseUrl()}/addressLists/${id}` },
			},
			accepted: true,
		};
	}

	function readList(request: RecordedRequest, id: string): Answer {
		refuseBody(request);
		const list = books.addressLists.get(id);
		if (list === undefined) return refuseList('Address List ID not found');
		const { listStates } = books.habits;
		const status = listStates[Math.min(list.reads++, listStates.length - 1)]!;
		const description = { 0: 'Uploaded', 1: 'Mapped', 3: 'CASS Standardized', 9: 'Error' }[status] ?? 'Ready';
		return {
			status: 200,
			content: {
				addressList: {
					id,
					status,
					description,
					statusLocation: `${baseUrl()}/addressLists/${id}`,
					count: list.rows.length,
				},
			},
			accepted: true,
		};
	}

	return [
		{ method: 'post', path: '/documents', operation: 'uploadDocument', answer: guarded(upload) },
		{ method: 'post', path: '/documents/url', operation: 'fetchDocument', answer: guarded(fetchByUrl) },
		{ method: 'post', path: '/addressLists', operation: 'createList', answer: guarded(createList) },
		{ method: 'get', path: '/addressLists/:id', operation: 'readList', answer: guarded(readList) },
	];
}

/** The list that a body describes; null for anything but what the documents show. */
function listIn(body: string): AddressList | null {
	if (XMLValidator.validate(body) !== true) return null;
	const parser = new XMLParser({ parseTagValue: false, htmlEntities: true, ignoreDeclaration: true });
	const { addressList } = parser.parse(body) as { addressList?: Record<string, Value> };
	if (addressList === undefined) return null;
	const { addressListName, addressMappingId, addresses, ...others } = addressList;
	if (Object.keys(others).length > 0 || addressMappingId !== '2') return null;
	const { address } = (addresses ?? {}) as { address?: Value };
	const rows = [address ?? []].flat() as Array<Record<string, string>>;
	const isRow = (row: Record<string, string>) =>
		Object.keys(row).every((name) => ROW.includes(name)) && ROW.every((name) => name in row);
	if (rows.length === 0 || !rows.every(isRow)) return null;
	return { name: String(addressListName ?? ''), rows, reads: 0 };
}
