import {
	asAsked,
	booleanIn,
	isAnswered,
	listIn,
	needed,
	numberIn,
	objectIn,
	readBody,
	textIn,
	UnrecognisedReply,
} from '../../nodes/shared/http/response';
import { parseXml } from '../../nodes/shared/http/xml';

const json = (data: unknown) => ({ format: 'json', data });
const xml = (data: unknown) => ({ format: 'xml', data });
const unreadable = (why: string) => ({ format: 'unreadable', why });

test.each([
	['', { format: 'empty' }],
	['\uFEFF', { format: 'empty' }],
	[' \r\n', { format: 'empty' }],
	['{"a":1}', json({ a: 1 })],
	['\uFEFF {"a":1}\n', json({ a: 1 })],
	['[1]', json([1])],
	['{"id":9007199254740993}', json({ id: '9007199254740993' })],
	['[-9007199254740993,9007199254740991,1e20]', json(['-9007199254740993', 9007199254740991, 1e20])],
	['[12345678901234567.5]', json([Number('12345678901234567.5')])],
	['{"a":"9007199254740993 \\"9007199254740993"}', json({ a: '9007199254740993 "9007199254740993' })],
	['{"a":', unreadable('JSON that breaks off or is malformed')],
	['[1', unreadable('JSON that breaks off or is malformed')],
	['<a>1</a>', xml({ a: '1' })],
	['  <a>007</a>  ', xml({ a: '007' })],
	['<a>&#228;&lt;</a>', xml({ a: 'ä<' })],
	['<a><b/><c>1</c><c>2</c></a>', xml({ a: { b: '', c: ['1', '2'] } })],
	['<a><html>1</html></a>', xml({ a: { html: '1' } })],
	['<a x="1">2</a>', xml({ a: '2' })],
	['<ns2:a xmlns:ns2="urn:x"><ns2:b>1</ns2:b></ns2:a>', xml({ a: { b: '1' } })],
	['<?xml version="1.0"?><a>1</a>', xml({ a: '1' })],
	['<a>', unreadable('XML that breaks off or is malformed')],
	['<!DOCTYPE a><a>1</a>', unreadable('a web page')],
	['<?xml version="1.0"?><!DOCTYPE a><a>1</a>', unreadable('a web page')],
	[
		'<?xml version="1.0"?>\n<!-- a -->\n<html xmlns="http://www.w3.org/1999/xhtml"/>',
		unreadable('a web page'),
	],
	['<!-- gateway --> <!-- 2 -->\n<HTML><body/></HTML>', unreadable('a web page')],
	['<!-- a --><a><html>1</html></a>', xml({ a: { html: '1' } })],
	['<?xml version="1.0"?><!-- <html> --><a>1</a>', xml({ a: '1' })],
	[`<!--${' -'.repeat(50_000)}`, unreadable('XML that breaks off or is malformed')],
	['<HTML><body/></HTML>', unreadable('a web page')],
	['<head/>', unreadable('a web page')],
	['<body>1</body>', unreadable('a web page')],
	['<header>1</header>', xml({ header: '1' })],
	['OK', unreadable('plain text')],
	['a {"a":1}', unreadable('plain text')],
	['1]', unreadable('plain text')],
	['1[', unreadable('plain text')],
])('the body %j', (text, body) => {
	expect(readBody({ status: 200, headers: {}, text }, parseXml)).toEqual(body);
});

test('XML is unreadable where a provider has none, and with a document type', () => {
	expect(readBody({ status: 200, headers: {}, text: '<a>1</a>' })).toEqual(unreadable('XML'));
	for (const type of ['<!DOCTYPE a>', '<!doctype a>']) {
		expect(() => parseXml(`${type}<a>1</a>`)).toThrow('a document type declaration is not accepted');
	}
});

test('XML is read up to a depth; what stands in comments and CDATA sections is none', () => {
	const read = (open: string, close = '') =>
		readBody({ status: 200, headers: {}, text: `<a>${open.repeat(150)}${close.repeat(150)}</a>` }, parseXml);
	for (const open of ['<b>', '<b><!--</b>-->', '<b c="></b>">']) {
		expect(read(open, '</b>')).toEqual(unreadable('XML that is nested too deep'));
	}
	expect(read('<b><![CDATA[<3 <br>]]></b>')).toEqual(xml({ a: { b: Array(150).fill('<3 <br>') } }));
});

test('JSON is read up to a depth; what stands beside each other or in texts is none', () => {
	const read = (text: string) => readBody({ status: 200, headers: {}, text });
	for (const [open, close] of [
		['[', ']'],
		['{"a":', '}'],
	] as const) {
		const nested = (depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;
		expect(read(nested(100))).toMatchObject({ format: 'json' });
		expect(read(nested(101))).toEqual(unreadable('JSON that is nested too deep'));
		expect(read(`[${'[],{},'.repeat(101)}"${open[0]!.repeat(101)}"]`)).toMatchObject({ format: 'json' });
	}
});

test('a body is read up to a million characters', () => {
	const read = (length: number) =>
		readBody({ status: 200, headers: {}, text: `["${'x'.repeat(length - 4)}"]` });
	expect(read(1_000_000)).toMatchObject({ format: 'json' });
	const tooLong = unreadable('a reply of more than 1000000 characters');
	expect(read(1_000_001)).toEqual(tooLong);
	// What stands behind the blanks is not known: it was cut off.
	expect(readBody({ status: 200, headers: {}, text: ' '.repeat(1_000_001) })).toEqual(tooLong);
});

test.each([
	[{ a: 1 }, { a: 1 }],
	[[1], {}],
	[null, {}],
	[undefined, {}],
	['a', {}],
])('the object in %j', (value, object) => {
	expect(objectIn(value)).toEqual(object);
});

test.each([
	['a', 'a'],
	[' a ', ' a '],
	['', null],
	['  ', null],
	[7, '7'],
	[Infinity, null],
	[NaN, null],
	[true, null],
	[null, null],
	[{}, null],
])('the text in %j', (value, text) => {
	expect(textIn(value)).toBe(text);
});

test.each([
	[7, 7],
	['7.', null],
	['.5', null],
	['x7', null],
	['1.2.3', null],
	['10', 10],
	[' 10.50 ', 10.5],
	['-0.25', -0.25],
	['1.0E7', 10_000_000],
	['5.684341886080802E-14', 5.6843418860808015e-14],
	['1e-3', 0.001],
	[12.5, 12.5],
	...[
		'',
		' ',
		'0x10',
		'0b1',
		'1_000',
		'1,000',
		'9,50',
		'10 EUR',
		'1e',
		'e5',
		'1e999',
		'--1',
		'NaN',
		'Infinity',
	].map((text): [unknown, null] => [text, null]),
	[NaN, null],
	[Infinity, null],
	[true, null],
	[null, null],
	[undefined, null],
	[[10], null],
	[{}, null],
])('the number in %j', (value, number) => {
	expect(numberIn(value)).toBe(number);
});

test.each<[unknown, string | Error]>([
	[null, 'honey'],
	['honey', 'honey'],
	[' HONEY ', ' HONEY '],
	['he\u0301', new UnrecognisedReply('the reply is about another keyword')],
	['', new UnrecognisedReply('the reply is about another keyword')],
])('a reply that says it is about %j', (said, answer) => {
	const asked = () => asAsked(said as string | null, 'honey', 'keyword');
	if (answer instanceof Error) expect(asked).toThrow(answer);
	else expect(asked()).toBe(answer);
	expect(asAsked('cafe\u0301', 'Caf\u00E9', 'keyword')).toBe('cafe\u0301');
});

test.each([
	[199, false],
	[200, true],
	[299, true],
	[300, false],
])('the status %i', (status, isSuccess) => {
	expect(isAnswered({ status, headers: {}, text: '' })).toBe(isSuccess);
});

test.each([
	[true, true],
	[false, false],
	['1', true],
	[1, true],
	[' TRUE ', true],
	['0', false],
	[0, false],
	['False', false],
	['yes', null],
	['', null],
	[null, null],
	[undefined, null],
])('the switch in %j', (value, meant) => {
	expect(booleanIn(value)).toBe(meant);
});

test.each([
	[undefined, null],
	[null, null],
	[[], []],
	[
		['a', 1, '', null],
		['a', '1'],
	],
	['', []],
	['a', ['a']],
	[7, ['7']],
	[{ Group: 'a' }, ['a']],
	[{ Group: ['a', 'b'] }, ['a', 'b']],
	[{ Group: '' }, []],
	[{ Group: null, Other: 'c' }, ['c']],
	[[{ Name: 'a', ID: 1 }, { Name: '' }], ['a']],
])('the list in %j', (value, list) => {
	expect(listIn(value)).toEqual(list);
});

test('what a success needs', () => {
	expect(needed(0, 'balance')).toBe(0);
	expect(() => needed(null, 'balance')).toThrow(new UnrecognisedReply('the reply has no usable balance'));
	expect(() => needed(null, 'balance')).toThrow(UnrecognisedReply);
});
