import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { DEEPEST } from './json';

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
	maxNestedTags: DEEPEST,
};

/**
 * Reads an XML document into plain objects: element names become keys, texts stay strings, repeated elements
 * become arrays, empty elements become ''.
 *
 * A document type is refused before parsing, so the only entities are XML's own and character references.
 *
 * @throws Error when the text is not one complete, well-formed document, or nested too deep
 */
export function parseXml(text: string): unknown {
	if (/<!DOCTYPE/i.test(text)) throw new Error('a document type declaration is not accepted');
	const verdict = XMLValidator.validate(text);
	if (verdict !== true) throw new Error(verdict.err.msg);
	parser ??= new XMLParser(OPTIONS);
	return parser.parse(text);
}
