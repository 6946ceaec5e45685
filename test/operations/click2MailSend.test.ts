import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { edited, formsOf, from, itemsOf, lines, openBench, outcomeOf, outcomesOf, pairs } from '../harness';
import { keepFile } from '../engine/files';
import { credentialsFor } from '../scenes';
import { LETTER } from '../simulator';
import { MAIL_TYPE } from '../scenes.mail';
import type { RunNodeOptions } from '../engine';

const bench = openBench();
const onError = 'continueRegularOutput' as const;

/** As much of a PDF as the simulator reads: the number of its pages. */
const pdf = (pages = 1, more = '') => Buffer.from(`%PDF-1.4 /Count ${pages} ${more}`).toString('base64');

interface Given {
	json?: IDataObject;
	data?: string;
	fileName?: string;
	mimeType?: string;
}

const person = (name: string) => ({ first: name, street: `1 ${name} St`, zip: '45402' });

function itemOf({ json = {}, data = pdf(), fileName = 'letter.pdf', mimeType = 'application/pdf' }: Given) {
	return { json, binary: { data: { data, fileName, mimeType } } } as INodeExecutionData;
}

const items = ['Ann', 'Bob'].map((name) => itemOf({ json: person(name) }));
const address = {
	firstName: '={{ $json.first }}',
	lastName: 'Lee',
	address1: '={{ $json.street }}',
	city: 'Dayton',
	state: 'OH',
	zip: '={{ $json.zip }}',
};

const letter = (more: INodeParameters = {}): INodeParameters => ({
	resource: 'letter',
	operation: 'send',
	...address,
	maximumCost: 2,
	...more,
});
const options = (given: INodeParameters, more: INodeParameters = {}) => letter({ options: given, ...more });

async function run(parameters: INodeParameters, given = items, more: RunNodeOptions = {}) {
	const credentials = credentialsFor(bench.simulator);
	return await bench.engine.runNode(MAIL_TYPE, parameters, { credentials, items: given, ...more });
}

const retry = async (result: Awaited<ReturnType<typeof run>>, parameters?: INodeParameters) =>
	await bench.engine.retry(result, {
		credentials: credentialsFor(bench.simulator),
		...(parameters && { loadWorkflow: edited(result, parameters) }),
	});

const books = () => bench.simulator.click2mail.books;
const operations = () => bench.simulator.requests.map(({ operation }) => operation);
const PRINTED = { ...LETTER, mailClass: 'First Class' };

describe('letter', () => {
	test('list, document, job, cost, credit, submit, for each item, with nothing shared', async () => {
		const result = await run(letter());
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }]);
		const [ann, bob] = itemsOf(result);
		expect(ann).toEqual({
			jobId: '90212',
			documentId: '90211',
			addressListId: '90210',
			pages: 1,
			cost: 1.17,
			state: 'Awaiting Production',
			submitted: true,
			alreadySubmitted: false,
			abandonedJobId: null,
		});
		expect(bob).toMatchObject({ jobId: '90215', documentId: '90214', addressListId: '90213' });
		expect(operations().slice(0, operations().length / 2)).toEqual([
			'createList',
			'uploadDocument',
			'readList',
			'createJob',
			'readJob',
			'jobCost',
			'getBalance',
			'submitJob',
			'readJob',
		]);
		expect(books().mailed).toMatchObject([{ jobId: '90212' }, { jobId: '90215' }]);
	});

	test('the document goes out as multipart, its name with the right end, and the rest exactly so', async () => {
		const odd = itemOf({ json: person('Zoë & <Co>'), fileName: 'Ünïcode "x".PDF', data: pdf(2, 'ü') });
		await run(letter(), [odd, items[1]!]);
		const [upload] = bench.sent('uploadDocument');
		const tag = upload!.parts!.find(({ name }) => name === 'documentName')!.text;
		expect(tag).toMatch(/^n8n-[0-9a-f]{16}$/);
		expect(
			upload!.parts!.map(({ name, text, fileName, contentType }) => [name, text, fileName, contentType]),
		).toEqual([
			['documentFormat', 'PDF', undefined, ''],
			['documentClass', PRINTED.documentClass, undefined, ''],
			['documentName', tag, undefined, ''],
			['file', '%PDF-1.4 /Count 2 ü', 'document.pdf', 'application/pdf'],
		]);
		expect(upload!.headers['content-length']).toMatch(/^\d+$/);
		const list = [...books().addressLists.values()][0]!;
		expect(list).toMatchObject({ name: tag });
		expect(list.rows).toEqual([
			{
				First_name: 'Zoë & <Co>',
				Last_name: 'Lee',
				Organization: '',
				Address1: '1 Zoë & <Co> St',
				Address2: '',
				Address3: '',
				City: 'Dayton',
				State: 'OH',
				Zip: '45402',
				'Country_non-US': '',
			},
		]);
		const [job] = bench.sent('createJob');
		expect(Object.fromEntries(job!.form!)).toEqual({
			...PRINTED,
			documentId: '90211',
			addressId: '90210',
			appSignature: tag,
		});
	});

	test('a file of 20 MB is streamed whole', async () => {
		const data = Buffer.concat([Buffer.from('%PDF-1.4 /Count 1 '), Buffer.alloc(20_000_000, 'x')]);
		await run(letter(), [itemOf({ json: person('Ann'), data: data.toString('base64') })]);
		expect([...books().documents.values()]).toMatchObject([{ bytes: data.length }]);
		expect(books().mailed).toHaveLength(1);
	});

	test('color, both sides, certified, a return address and a day', async () => {
		await from('2026-11-29T12:00:00Z', async () => {
			const result = await run(
				options(
					{
						color: true,
						bothSides: true,
						certified: true,
						mailingDate: '2026-12-24T00:00:00',
						returnAddress: {
							organization: 'Lee & Sons',
							address1: '2 Oak Ave',
							address2: 'Floor 3',
							city: 'Troy',
							state: 'oh',
							zip: 453731234,
						},
					},
					{ maximumCost: 10 },
				),
			);
			expect(itemsOf(result)).toMatchObject([{ cost: 6.74 }, { cost: 6.74 }]);
		});
		expect(Object.fromEntries(bench.sent('createJob')[1]!.form!)).toMatchObject({
			documentClass: 'Certified Letter 8.5 x 11',
			envelope: 'Certified Mail Letter Envelope',
			color: 'Full Color',
			printOption: 'Printing both sides',
			mailClass: 'Certified Mail',
			mailingDate: '20261224',
			rtnName: '',
			rtnOrganization: 'Lee & Sons',
			rtnaddress1: '2 Oak Ave',
			rtnAddress1: '2 Oak Ave',
			rtnaddress2: 'Floor 3',
			rtnAddress2: 'Floor 3',
			rtnCity: 'Troy',
			rtnState: 'OH',
			rtnZip: '45373-1234',
		});
	});

	test.each([
		['a DateTime of the person’s own day', '$now.setZone("Asia/Tokyo").set({ hour: 23 })', '20261201'],
		['a Date late in the evening', 'new Date("2026-12-04T03:30:00Z")', '20261203'],
		['a Date that is a mere day', 'new Date("2026-12-04")', '20261204'],
		['a moment in UTC', '"2026-12-04T03:30:00.000Z"', '20261203'],
		['a day at midnight UTC', '"2026-12-04T00:00:00.000Z"', '20261204'],
		['a moment with its zone', '"2026-12-04T23:30:00-08:00"', '20261204'],
		['a day in digits', '20261204', '20261204'],
	])('%s is mailed on the day that the workflow’s calendar shows', async (_what, day, mailed) => {
		await from('2026-11-30T22:00:00Z', async () => {
			const settings = { timezone: 'America/New_York' };
			await run(options({ mailingDate: `={{ ${day} }}` }), [items[0]!], { settings });
		});
		expect(Object.fromEntries(bench.sent('createJob')[0]!.form!)).toMatchObject({ mailingDate: mailed });
	});

	test('a document that Click2Mail fetches', async () => {
		const documentUrl = '=https://example.com/{{ $json.first }}.docx?x=1';
		await run(letter({ documentSource: 'url', documentUrl }));
		expect(formsOf(bench.sent('fetchDocument'))[1]!.slice(0, 3)).toEqual([
			['url', 'https://example.com/Bob.docx?x=1'],
			['documentFormat', 'DOCX'],
			['documentClass', PRINTED.documentClass],
		]);
		expect(books().mailed).toHaveLength(2);
	});

	test.each(['invoice.php?id=7', 'Print.ASPX', 'api/v1.2', 'letter'])(
		'a document at …/%s, which says no kind, is asked for as a PDF',
		async (end) => {
			await run(letter({ documentSource: 'url', documentUrl: `https://example.com/${end}` }), [items[0]!]);
			expect(formsOf(bench.sent('fetchDocument'))[0]!.slice(0, 2)).toEqual([
				['url', `https://example.com/${end}`],
				['documentFormat', 'PDF'],
			]);
		},
	);

	test('a list that is not ready is waited for; a faulty one, or one that stays so, is named', async () => {
		books().habits.listStates = [1, 3];
		expect(outcomesOf(await run(letter(), [items[0]!]))).toEqual(['success']);
		for (const [states, words] of [
			[[0, 9], /address list \d+ was found faulty/],
			[[1], /address list \d+ was not ready within 1 s/],
		] as const) {
			books().habits.listStates = [...states];
			const result = await run(options({ timeout: 1000 }), items, { onError });
			expect(outcomesOf(result)).toEqual(['notSent', 'notSent']);
			expect(result.output()[0]!.json.error).toMatch(words);
		}
		expect(books().mailed).toHaveLength(1);
	});

	test('a list is made whatever its state is, but the one that says that it is faulty', async () => {
		for (const status of [0, 1, 2, 3, 5, 8, 9]) {
			const body = `<addressList><id>90210</id><status>${status}</status></addressList>`;
			bench.simulator.order({ fault: 'body', operation: 'createList', body, processed: true });
			const made = await run(letter(), [items[0]!], { onError });
			expect([status, outcomesOf(made)]).toEqual([status, [status === 9 ? 'refused' : 'success']]);
			bench.simulator.reset();
		}
	});

	test('without “Submit” a draft is made that costs nothing', async () => {
		const result = await run(options({ submit: false }, { maximumCost: 0.01 }));
		expect(itemsOf(result)).toMatchObject([
			{ submitted: false, alreadySubmitted: false, cost: 1.17, state: 'Editing' },
			{ submitted: false },
		]);
		expect([books().mailed, books().balance]).toEqual([[], 25.5]);
	});
});

describe('postcard', () => {
	const card = (more: INodeParameters = {}) => letter({ resource: 'postcard', ...more });

	test('is a PDF of two pages, in color on both sides', async () => {
		const result = await run(
			card(),
			[itemOf({ json: person('Ann'), data: pdf(2) }), itemOf({ json: person('Bob'), data: pdf(1) })],
			{ onError },
		);
		expect(outcomesOf(result)).toEqual(['success', 'notSent']);
		expect(result.output()[1]!.json.error).toMatch(/document \d+ has 1 page, and a card has two/);
		expect(Object.fromEntries(bench.sent('createJob')[0]!.form!)).toMatchObject({
			documentClass: 'Postcard 5 x 8',
			layout: 'Double Sided Postcard',
			productionTime: 'Next Day',
			envelope: '',
			color: 'Full Color',
			paperType: 'White Matte with Gloss UV Finish',
			printOption: 'Printing both sides',
			mailClass: 'First Class',
		});
	});

	test('nothing but a PDF', async () => {
		const result = await run(card(), [
			items[0]!,
			itemOf({ json: person('Bob'), fileName: 'x.png', mimeType: 'image/png' }),
		]);
		expect(outcomeOf(result)).toBe('invalid');
		expect(result.error?.message).toMatch(/must be a PDF of two pages, but is png/);
		expect(bench.simulator.requests).toEqual([]);
	});
});

describe('before anything is uploaded', () => {
	test.each<[string, IDataObject, RegExp]>([
		[
			'no name and no organization',
			{ firstName: '', lastName: '' },
			/“Organization” and the names are all empty/,
		],
		['no street', { address1: '={{ "" }}' }, /“Address Line 1” is empty/],
		['no city', { city: '={{ null }}' }, /“City” is empty/],
		['no state', { state: '' }, /“State” must be two letters/],
		['a state in full', { state: 'Ohio' }, /“State” must be two letters, but is "OHIO"/],
		['a ZIP code of four digits', { zip: 2138 }, /“ZIP Code” must be five or nine digits, but is "2138"/],
		['a country by its code', { country: 'BR' }, /“Country” must be a name, but is "BR"/],
		['two lines in one', { address2: 'a\nb' }, /“Address Line 2” must be one line/],
		['a line without end', { lastName: 'x'.repeat(201) }, /“Last Name” has 201 characters; at most 200 /],
		['no maximum cost', { maximumCost: 0 }, /“Maximum Cost” is not filled in/],
		['a day that has gone', { options: { mailingDate: '2020-01-01' } }, /is not after today/],
		['a day far ahead', { options: { mailingDate: '2099-01-01' } }, /is more than 90 days ahead/],
		['no day', { options: { mailingDate: '2027-02-30' } }, /is not a date: "2027-02-30"/],
		['two days', { options: { mailingDate: '2026-12-24 or 28' } }, /is not a date: "2026-12-24 or 28"/],
		[
			'a Date that is none',
			{ options: { mailingDate: '={{ new Date("x") }}' } },
			/“Mailing Date” is not a date/,
		],
		[
			'a reference that resolves to nothing',
			{ options: { reference: '={{ $json.none }}' } },
			/“Reference” is empty/,
		],
		[
			'half a return address',
			{ options: { returnAddress: { lastName: 'Lee' } } },
			/“Return Address: Address Line 1” is empty/,
		],
		[
			'a URL that is none',
			{ documentSource: 'url', documentUrl: 'letter.pdf' },
			/“Document URL” is not a complete web address/,
		],
		[
			'a web page',
			{ documentSource: 'url', documentUrl: 'https://example.com/a.html' },
			/must be one of pdf/,
		],
		[
			'certified mail abroad',
			{ country: 'Brazil', options: { certified: true } },
			/within the US only, not to Brazil/,
		],
	])('%s is invalid', async (_what, more, words) => {
		const result = await run(letter(more as INodeParameters));
		expect([outcomeOf(result), result.error?.message]).toEqual(['invalid', expect.stringMatching(words)]);
		expect(bench.simulator.requests).toEqual([]);
	});

	test.each<[string, Given, RegExp]>([
		[
			'a text file',
			{ fileName: 'a.txt', mimeType: 'text/plain' },
			/“a\.txt” must be one of pdf, .*, but is txt/,
		],
		['an empty file', { data: '' }, /“letter\.pdf” is empty/],
		...(['PDF', 'PNG', 'DOCX', 'ODT', 'DOC', 'PPT', 'PUB'] as const).map((kind): [string, Given, RegExp] => [
			`an error page in place of a ${kind}`,
			{
				data: Buffer.from(`<html>Not found, %PDF${' '.repeat(2000)}%PDF-1.4</html>`).toString('base64'),
				fileName: `letter.${kind}`,
				mimeType: 'application/octet-stream',
			},
			new RegExp(`“letter\\.${kind}” is named ${kind}, and is none: a download that failed`),
		]),
	])('%s behind a good one, and nothing leaves', async (_what, given, words) => {
		const result = await run(letter(), [items[0]!, itemOf({ json: person('Bob'), ...given })]);
		expect([outcomeOf(result), result.error?.message]).toEqual(['invalid', expect.stringMatching(words)]);
		expect(bench.simulator.requests).toEqual([]);
	});

	test('a file that an item does not have is invalid, with those that it has and what to do', async () => {
		const files = (...names: string[]) => ({
			json: person('Ann'),
			binary: Object.fromEntries(names.map((name) => [name, items[0]!.binary!.data!])),
		});
		const given = [files('data', 'more'), files(), { json: person('Bob') }];
		const result = await run(letter({ binaryPropertyName: 'file' }), given, { onError });
		expect(outcomesOf(result)).toEqual(['invalid', 'invalid', 'invalid']);
		expect(itemsOf(result).map(({ error }) => error)).toEqual(
			['its files are “data”, “more”', 'it has no file at all', 'it has no file at all'].map(
				(there, item) =>
					`This item has no file “file”: ${there} [item ${item}]. Put a node before this one that reads or downloads the document, and name the field in which it puts the file.`,
			),
		);
		expect(bench.simulator.requests).toEqual([]);
	});

	test('an address of a web page is told to be another one, not to look at a node', async () => {
		const result = await run(
			letter({ documentSource: 'url', documentUrl: 'https://example.com/a.html' }),
			items,
			{ onError },
		);
		expect(outcomesOf(result)).toEqual(['invalid', 'invalid']);
		for (const { json } of result.output())
			expect(json.error).toMatch(/but is html \[item \d\]\. Give the address of another one\.$/);
	});

	test.each<[string, object, RegExp | undefined]>([
		['a file that says its name alone', { fileName: 'letter.pdf' }, undefined],
		[
			'a kind with more behind it',
			{ fileName: 'letter', mimeType: 'Application/PDF;charset=UTF-8' },
			undefined,
		],
		['a file that says its ending alone', { fileExtension: 'pdf' }, undefined],
		['one that can’t be printed', { fileExtension: 'txt' }, /“document\.txt” must be one of pdf, .* is txt/],
		['a file that says nothing of itself', {}, /“data” must be one of pdf.*of a kind that it does not name/],
	])('%s', async (_what, about, words) => {
		const data = { data: pdf(), ...about } as never;
		const given = [items[0]!, { json: person('Bob'), binary: { data } }];
		const result = await run(letter(), given, { onError });
		expect(outcomesOf(result)).toEqual(['success', words ? 'invalid' : 'success']);
		if (words) expect(result.output()[1]!.json.error).toMatch(words);
	});

	test.each<[string, string | Buffer, string, string]>([
		['a PDF with something before it', '\ufeff \r\nx-note: y\n\n%PDF-1.4 /Count 1', 'letter.pdf ', 'PDF'],
		['a picture under the other name', Buffer.from('89504e470d0a1a0a', 'hex'), 'photo.jpg', 'JPG'],
		['a JPEG', Buffer.from('ffd8ffe0', 'hex'), 'photo.jpeg', 'JPEG'],
		['a document that is a ZIP', 'PK\u0003\u0004', 'letter.docx', 'DOCX'],
		['a document of Word', Buffer.from('d0cf11e0', 'hex'), 'letter.doc', 'DOC'],
		['one that is RTF', '{\\rtf1', 'letter.doc', 'DOC'],
	])('%s goes out', async (_what, content, fileName, format) => {
		const data = Buffer.from(content).toString('base64');
		await run(letter(), [
			itemOf({ json: person('Ann'), data, fileName, mimeType: 'application/octet-stream' }),
		]);
		expect([...books().documents.values()]).toMatchObject([{ format }]);
	});

	test('an item without any file says so', async () => {
		const result = await run(letter(), [items[0]!, { json: person('Bob') }], {
			onError,
		});
		expect(outcomesOf(result)).toEqual(['success', 'invalid']);
	});

	test.each([
		'The United States',
		'United States of America (the)',
		'U. S. A.',
		'u s',
		'USA!',
		'United States (US)',
		'US - United States',
	])('“%s” is the United States', async (country) => {
		expect(outcomesOf(await run(letter({ country })))).toEqual(['success', 'success']);
		const [list] = books().addressLists.values();
		expect(list!.rows).toMatchObject([{ 'Country_non-US': '', State: 'OH' }]);
	});

	test.each([
		['Puerto Rico', '', '00901', 'PR'],
		['', 'Puerto Rico', '00901', 'PR'],
		['Commonwealth of Puerto Rico', 'Puerto Rico', '009011234', 'PR'],
		['PR', 'pr', '00901', 'PR'],
		['Guam (US)', '', '96910', 'GU'],
		['gu', 'Guam', '96910', 'GU'],
		['U.S. Virgin Islands', '', '00802', 'VI'],
		['Virgin Islands of the United States', 'VI', '00802', 'VI'],
		['Virgin Islands (U.S.)', '', '00802', 'VI'],
		['USVI', '', '00802', 'VI'],
		['American Samoa', 'AS', '96799', 'AS'],
		['Samoa, American', '', '96799', 'AS'],
		['The Northern Mariana Islands', '', '96950', 'MP'],
	])('“%s” with the state “%s” is in the US for its post', async (country, state, zip, code) => {
		const given = { country, state, zip, options: { certified: true }, maximumCost: 7 };
		expect(outcomesOf(await run(letter(given)))).toEqual(['success', 'success']);
		const [list] = books().addressLists.values();
		const written = zip.replace(/(\d{5})(\d{4})/, '$1-$2');
		expect(list!.rows).toMatchObject([{ 'Country_non-US': '', State: code, Zip: written }]);
	});

	test.each([
		[
			{ country: 'Puerto Rico', state: 'OH', zip: '00901' },
			/“State” must be PR for Puerto Rico, but is "OH"/,
		],
		[{ country: 'Guam', state: 'Hagåtña', zip: '96910' }, /“State” must be two letters, but is "HAGÅTÑA"/],
		[{ country: 'Virgin Islands', state: '', zip: 'VG1110' }, /“ZIP Code” must be five or nine digits/],
	])('what does not go together in %j is invalid', async (given, words) => {
		const result = await run(letter(given));
		expect([outcomeOf(result), result.error?.message]).toEqual(['invalid', expect.stringMatching(words)]);
		expect(bench.simulator.requests).toEqual([]);
	});

	test.each(['British Virgin Islands', 'Virgin Islands (British)', 'Samoa', 'Guatemala'])(
		'“%s” is another country',
		async (country) => {
			await run(letter({ country, state: '', zip: 'VG1110' }));
			const [list] = books().addressLists.values();
			expect(list!.rows).toMatchObject([{ 'Country_non-US': country, State: '', Zip: 'VG1110' }]);
		},
	);

	test.each(['U.K.', 'G B R', '45402', '----', 'n.a.'])('“%s” is no name of a country', async (country) => {
		const result = await run(letter({ country, state: '', zip: '' }));
		expect(outcomeOf(result)).toBe('invalid');
		expect(result.error?.message).toContain(`“Country” must be a name, but is "${country}"`);
		expect(bench.simulator.requests).toEqual([]);
	});

	test('a letter to another country needs neither state nor ZIP code', async () => {
		expect(outcomesOf(await run(letter({ state: '', zip: '', country: 'Brazil' })))).toEqual([
			'success',
			'success',
		]);
	});
});

describe('what fails', () => {
	test('a document without a page is not mailed', async () => {
		const result = await run(letter(), [itemOf({ json: person('Ann'), data: pdf(0) }), items[1]!], {
			onError,
		});
		expect(outcomesOf(result)).toEqual(['notSent', 'success']);
		expect(result.output()[0]!.json.error).toMatch(/document \d+ has 0 pages, and 1 to 5 fit/);
		expect(bench.sent('createJob')).toHaveLength(1);
	});

	test.each([
		[{}, /It was used before.*before you run it anew\./],
		[
			{ reference: '=invoice-{{ $json.first }}' },
			/The reference was used before.*before you use another one\./,
		],
	])('a document that is there already, with options %j: what to look for', async (given, words) => {
		const body =
			'<document><id>0</id><status>1</status><description>Duplicate Document</description></document>';
		bench.simulator.order({ operation: 'uploadDocument', fault: 'body', status: 400, body, times: 2 });
		const result = await run(options(given), items, { onError });
		expect(outcomesOf(result)).toEqual(['refused', 'refused']);
		for (const { json } of result.output()) expect(json.error).toMatch(words);
	});

	test.each([
		[{}, 6, /has 6 pages, and 1 to 5 fit into the envelope, 10 with “Both Sides” \[/],
		[{ bothSides: true }, 11, /has 11 pages, and 1 to 10 fit into the envelope \[/],
	])('more pages than the envelope holds: how many it does', async (print, pages, words) => {
		const items = ['Ann', 'Bob'].map((name) => itemOf({ json: person(name), data: pdf(pages) }));
		const result = await run(options(print), items, { onError });
		expect(outcomesOf(result)).toEqual(['notSent', 'notSent']);
		for (const { json } of result.output()) expect(json.error).toMatch(words);
	});

	test.each([
		['createList', 'resetAfter'],
		['uploadDocument', 'resetAfter'],
		['createJob', 'resetBefore'],
	] as const)(
		'%s unclear: not sent, and another try goes on behind what is there',
		async (operation, fault) => {
			bench.simulator.order({ fault, operation });
			const failed = await run(letter());
			expect(outcomeOf(failed)).toBe('notSent');
			expect(books().mailed).toEqual([]);
			const again = await retry(failed);
			expect(outcomesOf(again)).toEqual(['success', 'success']);
			expect(bench.sent(operation)).toHaveLength(3);
			expect(
				bench.sent('createList').length +
					bench.sent('uploadDocument').length +
					bench.sent('createJob').length,
			).toBe(7);
			expect(books().mailed).toHaveLength(2);
		},
	);

	describe('the answer to createJob is lost, and the job is there', () => {
		const lost = (times = 1) => bench.simulator.order({ fault: 'resetAfter', operation: 'createJob', times });
		const unfound = (times: number) =>
			bench.simulator.order({ fault: 'body', operation: 'findJobs', status: 500, body: 'no', times });
		const drafts = () => [...books().jobs.keys()];

		test.each([
			['without a reference', undefined],
			['with one', '=invoice-{{ $json.first }}'],
		])('%s: it is found by its tag, and gone on with', async (_what, reference) => {
			lost(2);
			const result = await run(options(reference === undefined ? {} : { reference }));
			expect(itemsOf(result)).toMatchObject([
				{ jobId: '90212', documentId: '90211', submitted: true, alreadySubmitted: false },
				{ jobId: '90215', abandonedJobId: null },
			]);
			expect(drafts()).toEqual(['90212', '90215']);
			expect(books().mailed).toHaveLength(2);
		});

		test('where it can’t be found at first, by the next try', async () => {
			lost();
			unfound(3);
			const failed = await run(letter());
			expect(outcomeOf(failed)).toBe('notSent');
			expect(itemsOf(await retry(failed))).toMatchObject([{ jobId: '90212' }, { jobId: '90215' }]);
			expect([drafts(), books().mailed.length]).toEqual([['90212', '90215'], 2]);
		});

		test('where it can’t be found at all, another one is made', async () => {
			lost();
			unfound(Infinity);
			const failed = await run(letter());
			expect(itemsOf(await retry(failed))).toMatchObject([{ jobId: '90213' }, { jobId: '90216' }]);
			expect([drafts(), books().mailed.length]).toEqual([['90212', '90213', '90216'], 2]);
		});

		test('of edited mail, no draft of another version is taken for it', async () => {
			const reference = 'invoice-1';
			const failed = await run(options({ reference }, { maximumCost: 1 }), [items[0]!]);
			bench.simulator.order({ fault: 'resetBefore', operation: 'createJob' });
			const again = await retry(failed, { maximumCost: 2, city: 'Troy' });
			expect(outcomeOf(again)).toBe('notSent');
			expect(books().mailed).toEqual([]);
			expect(itemsOf(await retry(again))).toMatchObject([{ jobId: '90215', abandonedJobId: '90212' }]);
		});

		test('of edited mail, the one that is there is found', async () => {
			const failed = await run(letter({ maximumCost: 1 }), [items[0]!]);
			lost();
			unfound(6);
			const again = await retry(failed, { maximumCost: 2, city: 'Troy' });
			expect(outcomeOf(again)).toBe('notSent');
			expect(itemsOf(await retry(again))).toMatchObject([{ jobId: '90215', abandonedJobId: '90212' }]);
		});
	});

	test.each([
		['createList', 'addressList', '90210'],
		['uploadDocument', 'document', '90211'],
		['createJob', 'job', '90212'],
	])(
		'%s answered for the second item with what was made for the first: that is not taken for its own',
		async (operation, name, id) => {
			const body = `<${name}><id>${id}</id><status>0</status><description>Success</description></${name}>`;
			bench.simulator.order({ fault: 'body', operation, after: 1, processed: true, body });
			const result = await run(letter(), items, { onError });
			// A job is found by its tag all the same.
			const outcome = operation === 'createJob' ? 'success' : 'notSent';
			expect(outcomesOf(result)).toEqual(['success', outcome]);
			const mailed = () =>
				books().mailed.map(({ jobId }) => {
					const { addressId, documentId } = books().jobs.get(jobId)!.fields;
					const [{ First_name: name } = {}] = books().addressLists.get(addressId!)!.rows;
					return [name, documentId];
				});
			expect(mailed()).toEqual([['Ann', '90211'], ...(outcome === 'success' ? [['Bob', '90214']] : [])]);
			if (outcome === 'success') return;
			expect(result.output()[1]!.json.error).toMatch(/made for another item/);
			bench.simulator.lift();
			expect(itemsOf(await run(letter(), [items[1]!]))).toMatchObject([{ submitted: true }]);
		},
	);

	test('a refusal in the middle holds up nobody, and names what to do', async () => {
		bench.simulator.order({
			fault: 'refusalIn200',
			operation: 'createJob',
			text: 'Invalid product options. Sku not found.',
			code: 9,
		});
		const result = await run(letter(), items, { onError });
		expect(outcomesOf(result)).toEqual(['refused', 'success']);
		expect(result.output()[0]!.json.error).toMatch(
			/documentClass “Letter 8\.5 x 11”.*printOption “Printing One side”/,
		);
	});

	test('over the maximum the draft stays, is named, and is gone on with once more is allowed', async () => {
		const failed = await run(letter({ maximumCost: 1 }));
		expect(outcomeOf(failed)).toBe('notSent');
		expect(failed.error?.message).toMatch(
			/job 90212 costs 1\.17 USD with tax, more than the maximum of 1 USD/,
		);
		const again = await retry(failed, { maximumCost: 2 });
		expect(itemsOf(again)).toMatchObject([{ jobId: '90212', abandonedJobId: null }, { jobId: '90215' }]);
		expect(books().mailed.map(({ jobId }) => jobId)).toEqual(['90212', '90215']);
		expect(bench.sent('createJob')).toHaveLength(2);
	});

	test.each<[string, INodeParameters]>([
		['a field of the address is wrong', { zip: '123' }],
		['the file is not there', { binaryPropertyName: 'x' }],
		['nothing may be spent', { maximumCost: 0 }],
	])('the draft of an earlier try is named by one in which %s', async (_what, more) => {
		const failed = await run(letter({ maximumCost: 1 }));
		const again = await retry(failed, { maximumCost: 2, ...more });
		expect(outcomeOf(again)).toBe('invalid');
		expect(again.error?.message).toContain('(job 90212)');
		expect(itemsOf(await retry(again, { ...letter(), binaryPropertyName: 'data' }))).toMatchObject([
			{ jobId: '90212' },
			{ submitted: true },
		]);
	});

	test('where something about the mail was edited, another draft is made, and the old one is named', async () => {
		const failed = await run(letter({ maximumCost: 1 }));
		const again = await retry(failed, { maximumCost: 2, city: 'Troy' });
		expect(itemsOf(again)).toMatchObject([
			{ jobId: '90215', abandonedJobId: '90212', submitted: true },
			{ abandonedJobId: null },
		]);
		expect(books().mailed.map(({ jobId }) => jobId)).not.toContain('90212');
	});

	const draftOfAnn = async () => await run(letter({ maximumCost: 1 }), [items[0]!]);

	test('a draft that somebody has deleted is made anew by a retry, of the list and the document that are there', async () => {
		const failed = await draftOfAnn();
		books().jobs.delete('90212');
		const dry = await retry(failed, { maximumCost: 2, dryRun: true });
		expect(itemsOf(dry)).toMatchObject([{ request: { url: expect.stringMatching(/\/jobs$/) as string } }]);
		expect(itemsOf(await retry(failed, { maximumCost: 2 }))).toMatchObject([
			{ jobId: '90213', documentId: '90211', addressListId: '90210', pages: 1, abandonedJobId: null },
		]);
		// Another retry of the first try finds it by its tag; where it can't be looked up, nobody mails it again.
		const again = await retry(failed, { maximumCost: 2 });
		expect(itemsOf(again)).toMatchObject([{ jobId: '90213', alreadySubmitted: true }]);
		bench.simulator.order({ fault: 'body', operation: 'findJobs', status: 404, body: 'no', times: Infinity });
		expect(outcomeOf(await retry(failed, { maximumCost: 2 }))).toBe('unknown');
		expect(books().mailed.map(({ jobId }) => jobId)).toEqual(['90213']);
	});

	test('a draft that another account does not know is not made there', async () => {
		const failed = await draftOfAnn();
		for (const kept of [books().jobs, books().documents, books().addressLists]) kept.clear();
		for (let time = 0; time < 2; time++) {
			const again = await retry(failed, { maximumCost: 2 });
			expect([outcomeOf(again), books().jobs.size]).toEqual(['refused', 0]);
		}
	});

	test('a draft whose state can’t be read is not made anew', async () => {
		const failed = await draftOfAnn();
		for (const [status, body] of [
			[404, 'Not found'],
			[200, '<job><id>0</id><status>9</status><description>Try again later</description></job>'],
			[500, 'no'],
		] as const) {
			bench.simulator.order({ fault: 'body', operation: 'readJob', status, body, times: 3 });
			const again = await retry(failed, { maximumCost: 2 });
			bench.simulator.lift();
			expect(again.error?.message).toContain('job 90212');
		}
		expect([...books().jobs.keys()]).toEqual(['90212']);
	});

	test('a job that is made and not found in the same try is not made once more', async () => {
		const body = '<job><id>0</id><status>1</status><description>Job ID not found</description></job>';
		bench.simulator.order({ fault: 'body', operation: 'readJob', body });
		const failed = await run(letter(), [items[0]!]);
		expect(failed.error?.message).toContain('job 90212');
		expect(itemsOf(await retry(failed))).toMatchObject([{ jobId: '90212', submitted: true }]);
	});

	test('the first try, retried twice: the second goes on with the draft that the first has made', async () => {
		bench.simulator.order({ fault: 'refusalIn200', operation: 'createList', text: 'no', code: 9 });
		const first = await run(letter({ maximumCost: 1 }), [items[0]!]);
		expect(outcomeOf(await retry(first))).toBe('notSent');
		expect(itemsOf(await retry(first, { maximumCost: 2 }))).toMatchObject([{ jobId: '90212' }]);
		expect([...books().jobs.keys()]).toEqual(['90212']);
	});

	test.each([
		['has not reached', {}],
		['was stopped before, by a wrong address', { zip: '={{ $json.first === "Ann" ? "1" : $json.zip }}' }],
	])('an item that the first try %s is mailed once, whichever try is retried', async (_what, wrong) => {
		bench.simulator.order({ operation: 'createJob', fault: 'refusalIn200', text: 'no', code: 9 });
		const first = await run(letter(wrong));
		bench.simulator.lift();
		const retried = async (more = {}) => await retry(first, { zip: address.zip, ...more });
		bench.simulator.order({
			operation: 'jobCost',
			fault: 'body',
			status: 500,
			body: 'no',
			after: 1,
			times: 3,
		});
		expect(outcomeOf(await retried())).toBe('notSent');
		const [ann, bob] = [...books().jobs.keys()];
		// As the error advises.
		books().jobs.get(bob!)!.state = 'MAILED';
		for (const dryRun of [true, false]) {
			expect(itemsOf(await retried({ dryRun }))).toMatchObject([
				{ jobId: ann, alreadySubmitted: true },
				{ jobId: bob, alreadySubmitted: true },
			]);
		}
		expect(books().jobs.size).toBe(2);
	});

	test('what another retry has uploaded for such an item takes no name', async () => {
		bench.simulator.order({ operation: 'createList', fault: 'refusalIn200', text: 'no', code: 9 });
		const first = await run(letter());
		bench.simulator.order({ operation: 'createJob', fault: 'refusalIn200', text: 'no', code: 9, after: 1 });
		expect(outcomeOf(await retry(first))).toBe('refused');
		expect(itemsOf(await retry(first))).toMatchObject([{ alreadySubmitted: true }, { submitted: true }]);
		expect(books().mailed).toHaveLength(2);
	});

	test('what another retry has mailed of a version before an edit: unknown, and nothing is made or named as if it were that', async () => {
		bench.simulator.order({ operation: 'createList', fault: 'refusalIn200', text: 'no', code: 9 });
		const first = await run(letter());
		expect(itemsOf(await retry(first))).toMatchObject([{ submitted: true }, { submitted: true }]);
		let again = await retry(first, { city: 'Troy' });
		for (let time = 0; time < 2; time++) {
			expect([outcomeOf(again), again.error?.message]).toEqual([
				'unknown',
				expect.not.stringContaining('(job ') as string,
			]);
			again = await retry(again);
		}
		expect([books().addressLists.size, books().jobs.size, books().mailed.length]).toEqual([2, 2, 2]);
	});

	test.each([
		['found faulty', [9]],
		['deleted', [1]],
	])('a list that was %s is made anew by a retry', async (what, states) => {
		books().habits.listStates = states;
		const failed = await run(options({ timeout: 300, reference: 'invoice-1' }), [items[0]!]);
		expect(outcomeOf(failed)).toBe('notSent');
		// The faulty one is looked at for the second time.
		books().habits.listStates = [3, 9];
		if (what === 'deleted') books().addressLists.clear();
		expect(itemsOf(await retry(failed))).toMatchObject([{ documentId: '90211', submitted: true }]);
		expect([...books().addressLists.values()].map(({ name }) => name).at(-1)).toBe('invoice-1-2');
		expect(books().mailed).toHaveLength(1);
	});

	test.each([
		['the draft left behind', 1, 'Troy', null],
		['the first of three', 2, 'Troy', null],
		['the first of two, whose second has a draft', 2, 'Lima', '90215'],
	])('edited, and %s was submitted by hand: it is that mail', async (_what, versions, city, left) => {
		let failed = await draftOfAnn();
		for (let version = 1; version < versions; version++) failed = await retry(failed, { city: 'Lima' });
		books().jobs.get('90212')!.state = 'MAILED';
		for (const dryRun of [true, false]) {
			const again = await retry(failed, { maximumCost: 2, city, dryRun });
			expect(itemsOf(again)).toMatchObject([{ jobId: '90212', alreadySubmitted: true, submitted: true }]);
			if (left !== null) expect(itemsOf(again)).toMatchObject([{ abandonedJobId: left }]);
		}
		expect(bench.sent('submitJob')).toEqual([]);
	});

	test('edited, and the draft left behind was deleted: another one is made', async () => {
		const failed = await draftOfAnn();
		books().jobs.clear();
		const again = await retry(failed, { maximumCost: 2, city: 'Troy' });
		expect(itemsOf(again)).toMatchObject([{ jobId: '90215', submitted: true, alreadySubmitted: false }]);
	});

	test('edited, and nobody knows whether the draft left behind was submitted: not sent, and named', async () => {
		const failed = await draftOfAnn();
		books().jobs.get('90212')!.state = 'ON_HOLD';
		const again = await retry(failed, { maximumCost: 2, city: 'Troy' });
		expect([outcomeOf(again), again.error?.message]).toEqual([
			'notSent',
			expect.stringContaining('job 90212 is in state “On Hold”'),
		]);
		expect(bench.sent('createJob')).toHaveLength(1);
	});

	test('a job of more than one piece, which its reference has found, stays a draft', async () => {
		await run(options({ reference: 'invoice-1', submit: false }), [items[0]!]);
		books().jobs.get('90212')!.pieces = 3;
		const result = await run(options({ reference: 'invoice-1' }, { maximumCost: 10 }), [items[0]!]);
		expect([outcomeOf(result), result.error?.message]).toEqual([
			'notSent',
			expect.stringMatching(/job 90212 has 3 pieces.*It stays a draft/),
		]);
		expect(books().mailed).toEqual([]);
	});

	test('a submit that a gateway has sent twice: refused and not readable, it is not sent anew under its key', async () => {
		const keyed = options({ timeout: 300, idempotencyKey: '={{ $json.first }}' });
		bench.simulator.order({
			fault: 'body',
			operation: 'submitJob',
			status: 400,
			body: '<job><id>0</id><status>9</status><description>Job with Id 90212 is in impermissible state</description></job>',
			processed: true,
		});
		bench.simulator.order({ fault: 'status502Html', operation: 'readJob', after: 1, times: 3 });
		expect(outcomeOf(await run(keyed, [items[0]!]))).toBe('unknown');
		expect(outcomeOf(await run(keyed, [items[0]!]))).toBe('unknown');
		expect(books().mailed).toHaveLength(1);
	});

	test('of three side by side, with credit for two, two are mailed; the draft of the other is named, with what to do', async () => {
		books().balance = 2.5;
		const result = await run(letter(), [...items, itemOf({ json: person('Cat') })], { onError });
		expect([books().mailed.length, books().balance, books().jobs.size]).toEqual([2, 0.16, 3]);
		const [left] = [...books().jobs].find(([, { state }]) => state === 'EDITING')!;
		const failed = itemsOf(result).filter(({ error }) => error !== undefined);
		// Where their submits cross, Click2Mail is the one that sees it.
		expect(failed).toMatchObject([
			{ details: { outcome: expect.stringMatching(/^(refused|notSent)$/) as string } },
		]);
		expect(failed[0]!.error).toMatch(new RegExp(`job ${left}\\b.*“Cover Job”.*“Job: Submit”`));
	});

	test('an unmailable address mails nothing', async () => {
		const result = await run(
			letter(),
			[itemOf({ json: { ...person('Ann'), street: 'Unmailable' } }), items[1]!],
			{ onError },
		);
		expect(outcomesOf(result)).toEqual(['notSent', 'success']);
		expect(result.output()[0]!.json.error).toMatch(/job \d+ has no piece that can be mailed/);
	});

	test.each([403, 429, 500])(
		'a credit that can’t be read, HTTP %i: not sent, and the draft stays',
		async (status) => {
			bench.simulator.order({ operation: 'getBalance', fault: 'body', status, body: 'no', times: 50 });
			const result = await run(letter(), items, { onError });
			expect(outcomesOf(result)).toEqual(['notSent', 'notSent']);
			const named = result.output().map(({ json }) => /job (\d+)/.exec(String(json.error))?.[1]);
			expect([...named].sort()).toEqual([...books().jobs.keys()].sort());
			expect(books().mailed).toEqual([]);
		},
	);

	test.each(['readJob', 'jobCost', 'getBalance'])(
		'a draft of which %s has no clear answer is gone on with, and not made anew: the advice says so',
		async (operation) => {
			bench.simulator.order({ operation, fault: 'status500', times: 50 });
			const result = await run(letter(), items, { onError });
			expect(outcomesOf(result)).toEqual(['notSent', 'notSent']);
			for (const { json } of result.output()) {
				expect(json.error).toContain('Retry this execution, or submit the same job with “Job: Submit”');
				expect(json.error).not.toContain('again');
			}
		},
	);

	test('an unclear submit is looked up, and never sent again', async () => {
		bench.simulator.order({ fault: 'timeoutAfter', operation: 'submitJob' });
		bench.simulator.order({ fault: 'resetBefore', operation: 'submitJob' });
		const result = await run(options({ timeout: 600 }), items, { onError, retryOnFail: true, maxTries: 2 });
		expect(outcomesOf(result)).toEqual(['success', 'unknown']);
		expect(result.output()[1]!.json.error).toMatch(/job 90215 still shows as a draft/);
		expect(bench.sent('submitJob')).toHaveLength(2);
	});

	test('Retry On Fail goes on with the draft', async () => {
		bench.simulator.order({ fault: 'resetBefore', operation: 'jobCost', times: 3 });
		const result = await run(letter(), items, { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 });
		expect(itemsOf(result)).toMatchObject([{ jobId: '90212' }, { jobId: '90215' }]);
		expect(bench.sent('createJob')).toHaveLength(2);
	});
});

describe('a reference', () => {
	const referred = (more: INodeParameters = {}) =>
		options({ reference: '=invoice-{{ $json.first }}', ...more });

	test('names list, document and job, and mail that has it is not made again', async () => {
		expect(outcomesOf(await run(referred()))).toEqual(['success', 'success']);
		expect([...books().documents.values()].map(({ name }) => name)).toEqual(['invoice-Ann', 'invoice-Bob']);
		const again = await run(referred());
		expect(itemsOf(again)).toEqual([
			expect.objectContaining({ jobId: '90212', submitted: true, alreadySubmitted: true, documentId: null }),
			expect.objectContaining({
				jobId: '90215',
				alreadySubmitted: true,
				state: 'Awaiting Production',
				cost: 1.17,
			}),
		]);
		expect(books().mailed).toHaveLength(2);
		expect(lines(bench.sent('findJobs'))[0]).toBe(
			'GET /jobs/appSignature?appid=invoice-Ann&offset=0&numberOfJobs=100',
		);
	});

	test('a draft with it is gone on with, in another execution too', async () => {
		await run(referred({ submit: false }));
		expect(itemsOf(await run(referred()))).toMatchObject([
			{ jobId: '90212', alreadySubmitted: false, submitted: true },
			{ jobId: '90215' },
		]);
		expect(books().mailed).toHaveLength(2);
	});

	test('twice in one run is one piece', async () => {
		const result = await run(referred(), [items[0]!, items[0]!], { onError });
		expect(itemsOf(result)).toMatchObject([{ alreadySubmitted: false }, { alreadySubmitted: true }]);
		expect(books().mailed).toHaveLength(1);
	});

	test('several jobs with it are invalid, and named', async () => {
		await run(options({ reference: 'x', submit: false }), [items[0]!]);
		const { jobs } = books();
		jobs.set('7', { ...jobs.get('90212')! });
		const result = await run(options({ reference: 'x' }), [items[1]!]);
		expect([outcomeOf(result), result.error?.message]).toEqual([
			'invalid',
			expect.stringMatching(/“x”: 90212, 7/),
		]);
	});

	test('where the look-up lists what does not have it, nothing of that is taken for it', async () => {
		await run(letter({ maximumCost: 0.01 }), [items[0]!], { onError });
		books().habits.listsAllJobs = true;
		expect(itemsOf(await run(referred(), [items[1]!]))).toMatchObject([{ jobId: '90215', submitted: true }]);
		expect(books().mailed.map(({ jobId }) => jobId)).toEqual(['90215']);
	});

	test('where the look-up finds nothing, the used name refuses', async () => {
		await run(referred());
		bench.simulator.order({ fault: 'body', operation: 'findJobs', status: 404, body: 'no', times: 2 });
		const result = await run(referred(), items, { onError });
		expect(outcomesOf(result)).toEqual(['refused', 'refused']);
		expect(books().mailed).toHaveLength(2);
	});

	test('edited after a draft was made: another one under the same reference', async () => {
		const failed = await run(options({ reference: '=invoice-{{ $json.first }}' }, { maximumCost: 1 }));
		const again = await retry(failed, { maximumCost: 2, city: 'Troy' });
		expect(itemsOf(again)).toMatchObject([{ abandonedJobId: '90212', submitted: true }, { submitted: true }]);
		expect(books().mailed).toHaveLength(2);
	});

	const version = (city: string, maximumCost = 1): INodeParameters => ({ city, maximumCost });
	/** Where a piece that was mailed goes. */
	const cityOf = (jobId: string) => {
		const { fields } = books().jobs.get(jobId)!;
		return books().addressLists.get(fields.addressId!)!.rows[0]!.City;
	};
	const cities = () => books().mailed.map(({ jobId }) => cityOf(jobId));

	test('edited twice: no version but the last is mailed', async () => {
		const first = await run(options({ reference: '=invoice-{{ $json.first }}' }, version('Dayton')));
		const second = await retry(first, version('Troy'));
		expect(outcomeOf(second)).toBe('notSent');
		expect(itemsOf(await retry(second, version('Lima', 2)))).toMatchObject([
			{ jobId: '90218', abandonedJobId: '90215', submitted: true, alreadySubmitted: false },
			{ abandonedJobId: null, submitted: true },
		]);
		expect(cities()).toEqual(['Lima', 'Lima']);
	});

	test.each(['createList', 'uploadDocument', 'createJob', 'jobCost'])(
		'the first execution, which failed at %s, retried a second and a third time with other versions',
		async (operation) => {
			if (operation !== 'jobCost')
				bench.simulator.order({ fault: 'refusalIn200', operation, text: 'No such project', code: 5 });
			const first = await run(options({ reference: '=invoice-{{ $json.first }}' }, version('Dayton')));
			await retry(first, version('Troy'));
			await retry(first, version('Lima'));
			const [mailed] = itemsOf(await retry(first, version('Lorain', 2)));
			const drafts = [...books().jobs.keys()].filter((id) => cityOf(id) !== 'Lorain');
			expect(mailed).toMatchObject({ submitted: true, alreadySubmitted: false });
			expect(drafts.slice(-1)).toEqual([mailed!.abandonedJobId]);
			expect(cities()).toEqual(['Lorain', 'Lorain']);
		},
	);

	test.each([
		['the draft left behind', 0],
		['another version', 1],
	])('edited, and %s was submitted meanwhile: it is that mail', async (_what, which) => {
		const first = await run(options({ reference: '=invoice-{{ $json.first }}' }, version('Dayton')));
		await retry(first, version('Troy'));
		const jobId = [...books().jobs.keys()][which]!;
		books().jobs.get(jobId)!.state = 'MAILED';
		const again = await retry(first, version('Lima', 2));
		expect(itemsOf(again)).toMatchObject([
			{ jobId, alreadySubmitted: true, state: 'Mailed' },
			{ alreadySubmitted: false },
		]);
		expect(cities()).toEqual(['Lima']);
	});

	test('another retry’s version was submitted by hand: it is that mail for a retry that goes on with its own draft', async () => {
		const reference = '=invoice-{{ $json.first }}';
		const first = await run(options({ reference }, version('Dayton')));
		await retry(first, version('Troy'));
		const [own, other] = [...books().jobs.keys()];
		books().jobs.get(other!)!.state = 'MAILED';
		const again = await retry(first, version('Dayton', 2));
		expect(itemsOf(again)).toMatchObject([
			{ jobId: other, alreadySubmitted: true, abandonedJobId: own },
			{ alreadySubmitted: false },
		]);
		expect(cities()).toEqual(['Dayton']);
	});

	test('edited, and several with it were submitted: invalid, and named', async () => {
		const first = await run(options({ reference: '=invoice-{{ $json.first }}' }, version('Dayton')));
		await retry(first, version('Troy'));
		for (const job of books().jobs.values()) job.state = 'MAILED';
		const again = await retry(first, version('Lima', 2));
		expect([outcomeOf(again), again.error?.message]).toEqual([
			'invalid',
			expect.stringMatching(/“invoice-Ann”: 90212, 90215/),
		]);
		expect(books().mailed).toEqual([]);
	});
});

describe('a dry run', () => {
	test('shows all requests in their order, and the estimate; nothing is made', async () => {
		const result = await run(letter({ dryRun: true }));
		expect(operations()).toEqual(['estimate', 'estimate']);
		const [{ request, furtherRequests, ...known } = {} as IDataObject] = itemsOf(result);
		expect(known).toEqual({
			dryRun: true,
			cost: 1.17,
			submitted: true,
			alreadySubmitted: false,
			abandonedJobId: null,
		});
		expect([request, ...(furtherRequests as IDataObject[])].map((one) => (one as IDataObject).url)).toEqual(
			['/addressLists', '/documents', '/jobs', '/jobs/(from the job)/submit'].map(
				(path) => `${bench.simulator.click2mail.baseUrl}${path}`,
			),
		);
		expect(furtherRequests).toMatchObject([
			{ body: { documentFormat: 'PDF', file: 'document.pdf' } },
			{},
			{},
		]);
	});

	const referred = (more: INodeParameters = {}) => options({ reference: '=invoice-{{ $json.first }}' }, more);
	const urls = ({ request, furtherRequests = [] }: IDataObject) =>
		[request, ...(furtherRequests as IDataObject[])].map((one) =>
			String((one as IDataObject | null)?.url).replace(bench.simulator.click2mail.baseUrl, ''),
		);

	test('looks up its reference: a draft would be submitted, what is submitted would not', async () => {
		await run(options({ reference: '=invoice-{{ $json.first }}', submit: false }));
		books().jobs.get('90215')!.state = 'MAILED';
		const result = await run(referred({ dryRun: true }), [...items, itemOf({ json: person('Cy') })]);
		const found = { documentId: null, addressListId: null, pages: null, abandonedJobId: null, cost: 1.17 };
		expect(itemsOf(result)).toMatchObject([
			{ jobId: '90212', ...found, submitted: true, alreadySubmitted: false },
			{ jobId: '90215', ...found, submitted: true, alreadySubmitted: true, state: 'Mailed', request: null },
			{ submitted: true, alreadySubmitted: false, cost: 1.17 },
		]);
		expect(itemsOf(result).map((item) => urls(item).length)).toEqual([1, 1, 4]);
		expect(urls(itemsOf(result)[0]!)).toEqual(['/jobs/90212/submit']);
		expect(itemsOf(result)[2]).not.toHaveProperty('jobId');
		expect([books().mailed, bench.sent('createJob').length]).toEqual([[], 2]);
	});

	test('a draft that is found: not submitted without “Submit”, nor over the maximum or the credit', async () => {
		await run(options({ reference: '=invoice-{{ $json.first }}', submit: false }));
		const draft = await run(
			options({ reference: '=invoice-{{ $json.first }}', submit: false }, { dryRun: true }),
		);
		expect(itemsOf(draft)).toMatchObject([
			{ jobId: '90212', submitted: false, alreadySubmitted: false, request: null, state: 'Editing' },
			{ jobId: '90215', submitted: false, request: null },
		]);
		const over = await run(referred({ dryRun: true, maximumCost: 1 }), items, { onError });
		expect(over.output().map(({ json }) => json.error)).toEqual([
			expect.stringContaining('job 90212 costs 1.17 USD'),
			expect.stringContaining('job 90215 costs 1.17 USD'),
		]);
		books().balance = 1;
		const short = await run(referred({ dryRun: true }), items, { onError });
		expect(short.output()[1]!.json.error).toContain(
			'job 90215 costs 1.17 USD with tax, and the credit is 1 USD',
		);
		expect(outcomesOf(short)).toEqual(['notSent', 'notSent']);
	});

	test('several jobs with its reference are invalid; a job in a state that nobody knows is not sent', async () => {
		await run(options({ reference: '=invoice-{{ $json.first }}', submit: false }));
		const { jobs } = books();
		jobs.set('7', { ...jobs.get('90212')! });
		jobs.get('90215')!.state = 'ON_HOLD';
		const result = await run(referred({ dryRun: true }), items, { onError });
		expect(outcomesOf(result)).toEqual(['invalid', 'notSent']);
		expect(result.output()[0]!.json.error).toMatch(/“invoice-Ann”: 90212, 7/);
	});

	test('of a retry goes on where the try before has ended', async () => {
		const failed = await run(referred({ maximumCost: 1 }));
		const same = await retry(failed, { maximumCost: 2, dryRun: true });
		expect(itemsOf(same)).toMatchObject([
			{ jobId: '90212', documentId: '90211', pages: 1 },
			{ dryRun: true },
		]);
		const other = await retry(failed, { maximumCost: 2, dryRun: true, city: 'Troy' });
		expect(itemsOf(other)).toMatchObject([{ abandonedJobId: '90212' }, { abandonedJobId: null }]);
		expect(urls(itemsOf(other)[0]!)).toHaveLength(4);
	});

	test('a log-in that is refused is tried once, and told', async () => {
		const credentials = credentialsFor(bench.simulator);
		credentials.click2MailApi!.password = 'wrong';
		const given = [...items, ...items];
		const result = await run(letter({ dryRun: true }), given, { credentials, onError });
		expect(outcomesOf(result)).toEqual(['refused', 'notSent', 'notSent', 'notSent']);
		expect(bench.simulator.requests).toHaveLength(1);
	});

	test('without an estimate it shows no cost', async () => {
		bench.simulator.order({ fault: 'refusalIn200', operation: 'estimate' });
		bench.simulator.order({ fault: 'body', operation: 'estimate', status: 403, body: 'no' });
		const shown = itemsOf(await run(letter({ dryRun: true })));
		expect(shown).toMatchObject([{ cost: null }, { cost: null }]);
	});

	test('counts what would be submitted, and nothing else', async () => {
		const maximumPerDay = 1;
		await run(options({ reference: '=invoice-{{ $json.first }}', submit: false }));
		books().jobs.get('90212')!.state = 'MAILED';
		const given = ['Ann', 'Cy', 'Bob', 'Ann'].map((name) => itemOf({ json: person(name) }));
		const reference = '=invoice-{{ $json.first }}';
		const result = await run(options({ reference, maximumPerDay }, { dryRun: true }), given, { onError });
		expect(outcomesOf(result).filter((outcome) => outcome === 'notSent')).toHaveLength(1);
		expect(itemsOf(result)).toMatchObject([{ alreadySubmitted: true }, {}, {}, { alreadySubmitted: true }]);
		const drafts = await run(options({ submit: false, maximumPerDay }, { dryRun: true }));
		expect(outcomesOf(drafts)).toEqual(['success', 'success']);
	});

	test('over the maximum it says so', async () => {
		const result = await run(letter({ dryRun: true, maximumCost: 1 }), items, { onError });
		expect(outcomesOf(result)).toEqual(['notSent', 'notSent']);
	});
});

describe('a file that n8n keeps on its disk', () => {
	/** A letter in three parts. */
	const onDisk = (name: string, onPart?: () => void, id = name) => {
		const parts = ['%PDF-1.4 /Count 3 ', ' '.repeat(300_000), '%%EOF'].map((text) => Buffer.from(text));
		const data = keepFile(id, 'application/pdf', { parts, onPart });
		return { json: person(name), binary: { data } } as INodeExecutionData;
	};
	const SIZE = 300_023;

	test('goes out part by part, whole, and with its length', async () => {
		const result = await run(letter(), [onDisk('Ann'), onDisk('Bob')]);
		expect(itemsOf(result)).toMatchObject([{ pages: 3 }, { pages: 3 }]);
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }]);
		expect([...books().documents.values()].map(({ bytes }) => bytes)).toEqual([SIZE, SIZE]);
		for (const { headers } of bench.sent('uploadDocument'))
			expect(Number(headers['content-length'])).toBeGreaterThan(SIZE);
	});

	test.each([
		[
			'is the same in a retry, by when n8n has moved it to where the execution has its files',
			'7f3a',
			{ jobId: '90212' },
		],
		['is another one in a retry that has another', '8f3a', { abandonedJobId: '90212' }],
	])('%s', async (_what, id, job) => {
		const before = 'workflows/w/executions/temp/binary_data/7f3a';
		const after = `workflows/w/executions/1/binary_data/${id}`;
		onDisk('Ann', undefined, after);
		const failed = await run(letter({ maximumCost: 1 }), [onDisk('Ann', undefined, before)]);
		const stored = failed.stored.replaceAll(before, after);
		const again = await retry({ ...failed, stored }, { maximumCost: 2 });
		expect(itemsOf(again)).toMatchObject([{ abandonedJobId: null, submitted: true, ...job }]);
	});

	test('that breaks off in the middle mails nothing; a retry mails it once, under another name', async () => {
		let reads = 0;
		const breaksOnce = () => {
			// While it is uploaded: before all requests, its beginning is looked at.
			if (bench.sent('createList').length === 2 && ++reads === 2) throw new Error('The disk is gone');
		};
		const failed = await run(letter(), [onDisk('Ann'), onDisk('Bob', breaksOnce)]);
		expect(failed.status).toBe('error');
		expect(outcomeOf(failed)).toBe('notSent');
		expect(books().mailed).toHaveLength(1);

		const retried = await retry(failed);
		expect(itemsOf(retried)).toMatchObject([{ pages: 3 }, { pages: 3 }]);
		expect(books().mailed).toHaveLength(2);
		expect(bench.sent('createList')).toHaveLength(2);
		const [, second] = [...books().documents.values()].map(({ name }) => name);
		expect(second).toMatch(/^n8n-[0-9a-f]{16}(-2)?$/);
	});
});

test('a second retry of the same execution that fails at what prepares a letter knows that it was mailed', async () => {
	const refuseJob = () =>
		bench.simulator.order({
			operation: 'createJob',
			fault: 'refusalIn200',
			text: 'No such project',
			code: 5,
		});
	refuseJob();
	const first = await run(letter());
	expect(outcomeOf(first)).toBe('refused');
	expect(itemsOf(await retry(first))).toMatchObject([{ submitted: true }, { submitted: true }]);
	refuseJob();
	bench.simulator.order({ operation: 'findJobs', fault: 'body', status: 404, body: 'no', times: Infinity });
	expect(outcomeOf(await retry(first))).toBe('unknown');
	expect(books().mailed).toHaveLength(2);
});
