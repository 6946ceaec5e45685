import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startSimulator, subaccount, type Simulator } from './index';

/**
 * Every request that the providers' pages show, in its own words, against the simulator: what a page says has to work. Two of
 * MailPartner's would not compile as they stand: said there.
 */
let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => {
	simulator.reset();
	Object.assign(simulator.clubTexting.books, { username: 'winnie', password: 'the-pooh' });
	Object.assign(simulator.click2mail.books, { username: 'awesomeuser', password: 'gReAt/PaSsWoRd123' });
});
afterEach(() => expect(simulator.mistakes()).toEqual([]));
afterAll(async () => await simulator.close());

const page = (name: string) => readFileSync(path.join(__dirname, '../fixtures', name), 'utf8').trim();
const FORM = 'application/x-www-form-urlencoded';

async function post(url: string, body: string, contentType = '', headers: Record<string, string> = {}) {
	// As bytes, so that nothing adds a type of its own.
	const reply = await fetch(url, {
		method: 'POST',
		body: Buffer.from(body),
		headers: { ...headers, ...(contentType !== '' && { 'Content-Type': contentType }) },
	});
	return { status: reply.status, text: await reply.text() };
}

/** The names of a reply in their order, without what is in them. */
const namesOf = (text: string) =>
	[...text.matchAll(/"(\w+)"\s*:|<(\w+)[\s/>]/g)].map(([, key, element]) => key ?? element);

describe('Club Texting', () => {
	const kinds: Array<[shown: RegExp, operation: string, status: number]> = [
		[/sending.messages/, 'send', 201],
		[/keywords.new/, 'checkAvailability', 200],
		[/keywords\?format/, 'rent', 201],
		[/DELETE/, 'cancel', 204],
		[/keywords.honey/, 'setUp', 200],
		[/credits.get/, 'getBalance', 200],
		[/billing.credits/, 'buy', 201],
	];

	test.each(page('requests/clubtexting.txt').split('\n'))('%s', async (line) => {
		const [, operation, status] = kinds.find(([shown]) => shown.test(line))!;
		const { books, baseUrl } = simulator.clubTexting;
		if (['setUp', 'cancel'].includes(operation)) {
			await post(
				`${baseUrl}/keywords?format=json`,
				'User=winnie&Password=the-pooh&Keyword=honey&StoredCreditCard=1111',
				FORM,
			);
		}
		books.localOptOuts.add('2123456786');
		books.globalOptOuts.add('2123456785');
		const url = /https:\/\/app\.clubtexting\.com[^\s"']+/.exec(line)![0];
		const to = url.replace('https://app.clubtexting.com', baseUrl);
		// The card of the page has expired since.
		const data = / -d '(.*)' /.exec(line)?.[1]?.replace('2017', String(new Date().getFullYear() + 1));
		const reply =
			data === undefined
				? await fetch(to, { method: line.includes('DELETE') ? 'DELETE' : 'GET' })
				: undefined;
		const { status: got, text } = reply
			? { status: reply.status, text: await reply.text() }
			: await post(to, data!, FORM);
		expect({ got, text: status === 204 ? text : '' }).toEqual({ got: status, text: '' });
		if (status === 204) return;
		const format = line.includes('format=xml') ? 'xml' : 'json';
		// Each name once: how long a list is depends on the day.
		const names = (given: string) => [...new Set(namesOf(given))];
		expect(names(text)).toEqual(names(page(`clubtexting/${operation}.success.${format}`)));
	});
});

describe('MailPartner', () => {
	const holder = 'holder@example.com';
	const sampleIn = (file: string) => page(`requests/mailpartner.create${file}.txt`);
	// The page hides the address.
	const shown = (text: string) => text.replace(/\[email[^\]]*\]/, holder);
	/** What `json_encode` makes of the array; the colons of the inner one are no PHP, and are taken for arrows. */
	const fromPhp = (text: string) =>
		JSON.stringify(
			JSON.parse(
				text
					.slice(text.indexOf('array'))
					.replaceAll('array(', '{')
					.replaceAll('=>', ':')
					.replaceAll("'", '"')
					.replace('));', '}}'),
			),
		);
	/** What `String.Format` makes of its last line, which is no Visual Basic, taken for a text. */
	function fromVisualBasic(text: string) {
		const [, format, type, parameters] = /"(\{\{.*\}\})",\napiKey,\n"(\w+)",\n(\{.*\})\)/.exec(text)!;
		const filled: Record<string, string> = { '0': 'xxxxx', '1': type!, '2': parameters! };
		return format!
			.replaceAll('""', '"')
			.replace(/\{\{|\}\}|\{(\d)\}/g, (found, place?: string) => (place ? filled[place]! : found[0]!));
	}
	/** What `json.dumps` makes of the dictionary: blanks behind commas and colons. */
	const fromPython = (text: string) =>
		text
			.slice(text.indexOf('{'))
			.replace('APIKEY', '"xxxxx"')
			.replace(/([,:])(?=["{\d])/g, '$1 ');
	const bodies: Record<string, string> = {
		curl: /-d '(.*)' /.exec(sampleIn(''))![1]!,
		php: fromPhp(sampleIn('.php')),
		// Quoted as the page has it, the parameters are no JSON.
		vb: fromVisualBasic(sampleIn('.vb')).replace(/:"(\{.*\})"/, ':$1'),
		py: fromPython(sampleIn('.py')),
	};

	test.each([
		['curl', 'curl', 'application/json'],
		['PHP, whose curl calls everything a form', 'php', FORM],
		['Visual Basic', 'vb', 'application/json; charset=utf-8'],
		['Python, which names no type', 'py', ''],
	])('creating, in %s', async (_, language, contentType) => {
		const url = `${simulator.mailPartner.baseUrl}/subaccount/create`;
		const body = shown(bodies[language]!).replace(/xxxxx|YOUR API KEY/, simulator.mailPartner.books.apiKey);
		const { status, text } = await post(url, body, contentType);
		expect(status).toBe(200);
		expect(namesOf(text)).toEqual(namesOf(page('mailpartner/create.success.json')));
		expect(simulator.mailPartner.books.subaccounts).toMatchObject([{ email: holder, balance: 10 }]);
	});

	test('its sample in Visual Basic makes no JSON as it stands; the others say the same, each in its way', () => {
		expect(() => JSON.parse(fromVisualBasic(sampleIn('.vb'))) as unknown).toThrow();
		const fields = Object.values(bodies).map((body) => ({ ...(JSON.parse(body) as object), apiKey: '' }));
		expect(fields).toHaveLength(4);
		for (const said of fields) expect(said).toEqual(fields[0]);
		expect(new Set(Object.values(bodies)).size).toBeGreaterThan(1);
	});

	test.each(['add', 'remove'])('moving credit: %s', async (way) => {
		const { books, baseUrl } = simulator.mailPartner;
		const { token } = subaccount(books, { balance: 200 });
		books.subaccounts.push(subaccount(books, { token, balance: 200 }));
		const fields = Object.fromEntries(
			[...page('requests/mailpartner.transfer.php.txt').matchAll(/'(\w+)'\s*=>\s*'([^']*)'/g)].map(
				([, name, value]) => [name!, value!],
			),
		);
		expect(Object.keys(fields)).toEqual(['apiKey', 'credit', 'tokenSubaccount']);
		const sent = JSON.stringify({ ...fields, apiKey: books.apiKey, tokenSubaccount: token });
		const { status, text } = await post(`${baseUrl}/subaccount/credit/${way}`, sent, FORM);
		expect(status).toBe(200);
		expect(namesOf(text)).toEqual(namesOf(page(`mailpartner/${way}.success.json`)));
	});

	test('the texts of its codes are those of the pages', async () => {
		const source = readFileSync(path.join(__dirname, 'mailPartner.ts'), 'utf8');
		for (const table of ['create', 'transfer']) {
			const lines = page(`requests/mailpartner.${table}.codes.txt`).split('\n');
			for (let at = 0; at < lines.length; at += 2) {
				const [code, text] = [lines[at]!, lines[at + 1]!];
				if (code === '200') continue;
				expect(code).toMatch(/^\d+$/);
				expect(source).toContain(text.replaceAll("'", source.includes(`"${text}"`) ? "'" : "\\'"));
			}
		}
	});
});

describe('Click2Mail', () => {
	const buying = async (others: Record<string, string>) => {
		const shown = page('requests/click2mail.purchase.py.txt');
		const fields = [...shown.matchAll(/'(\w+)' : '([^']*)'/g)].map(([, name, value]): [string, string] => [
			name!,
			others[name!] ?? value!,
		]);
		expect(fields).toHaveLength(11);
		const login = Buffer.from('awesomeuser:gReAt/PaSsWoRd123').toString('base64');
		return await post(
			`${simulator.click2mail.baseUrl}/credit/purchase`,
			new URLSearchParams(fields).toString(),
			FORM,
			{ Authorization: `Basic ${login}` },
		);
	};

	test.each(['10', '5', '0.50'])('buying for %s USD with the test card', async (billingAmount) => {
		const { status, text } = await buying({ billingAmount });
		expect(status).toBe(200);
		expect(namesOf(text)).toEqual(namesOf(page('click2mail/purchase.success.xml')));
		expect(simulator.click2mail.books.charges).toMatchObject([{ amount: Number(billingAmount) }]);
	});

	test('of the test card, only its expiry matters', async () => {
		const others = { billingCcType: 'MC', billingCvv: '12', billingState: 'Missouri' };
		expect((await buying(others)).text).toContain('Success');
		expect((await buying({ ...others, billingYear: '2020' })).text).toContain('payment not authorized');
	});
});
