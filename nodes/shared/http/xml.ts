import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { DEEPEST, TooDeep } from './json';

// Made when the first XML reply comes, not when n8n loads its nodes.
let parser: XMLParser | undefined;

const OPTIONS = {
	ignoreAttributes: true,
	ignoreDeclaration: true,
	ignorePiTags: true,
	// Servers write the same reply with a prefix of a namespace or without one.
	removeNSPrefix: true,
	// Identifiers, ZIP codes and amounts stay text: 007 is not 7.
	parseTagValue: false,
	htmlEntities: true,
};

/**
 * Reads an XML document into plain objects: element names become keys, texts stay strings, repeated elements
 * become arrays, empty elements become ''.
 *
 * A document type is refused before parsing, so the only entities are XML's own and character references.
 *
 * @throws TooDeep; Error when the text is not one complete, well-formed document
 */
export function parseXml(text: string): unknown {
	if (/<!DOCTYPE/i.test(text)) throw new Error('a document type declaration is not accepted');
	if (isTooDeep(text)) throw new TooDeep();
	const verdict = XMLValidator.validate(text);
	if (verdict !== true) throw new Error(verdict.err.msg);
	parser ??= new XMLParser(OPTIONS);
	return parser.parse(text);
}

/** What stands in comments and the like may count as well: no reply has so much of it. */
function isTooDeep(text: string): boolean {
	let depth = 0;
	let end = -1;
	for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at + 1)) {
		if (end < at) end = text.indexOf('>', at);
		if (end === -1) return false;
		const next = text[at + 1]!;
		if (next === '/') depth--;
		else if (!'?!'.includes(next) && text[end - 1] !== '/') depth++;
		if (depth > DEEPEST) return true;
	}
	return false;
}
