import { LETTER, startSimulator, type Simulator } from './index';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

async function call(
	method: string,
	path: string,
	body?: URLSearchParams | FormData | string,
	isLoggedIn = true,
): Promise<{ status: number; text: string; id: string }> {
	const { username, password } = simulator.click2mail.credentials;
	const login = Buffer.from(`${username}:${password}`).toString('base64');
	const reply = await fetch(`${simulator.click2mail.baseUrl}${path}`, {
		method,
		body: body ?? null,
		headers: {
			...(isLoggedIn && { Authorization: `Basic ${login}` }),
			...(typeof body === 'string' && { 'Content-Type': 'application/xml' }),
		},
	});
	const text = await reply.text();
	return { status: reply.status, text, id: /<id>(\d+)<\/id>/.exec(text)?.[1] ?? '' };
}

const row = (fields: Record<string, string> = {}) =>
	Object.entries({
		First_name: 'Ann',
		Last_name: 'Lee',
		Organization: '',
		Address1: '1 Main St',
		Address2: '',
		Address3: '',
		City: 'Dayton',
		State: 'OH',
		Zip: '45402',
		'Country_non-US': '',
		...fields,
	})
		.map(([name, value]) => `<${name}>${value}</${name}>`)
		.join('');

const list = (name = '', ...rows: string[]) =>
	`<addressList><addressListName>${name}</addressListName><addressMappingId>2</addressMappingId><addresses>${rows.map((inner) => `<address>${inner}</address>`).join('')}</addresses></addressList>`;

async function upload(name: string, documentClass = LETTER.documentClass, content = '%PDF-1.4 /Count 2') {
	const form = new FormData();
	form.append('documentFormat', 'PDF');
	form.append('documentClass', documentClass);
	form.append('documentName', name);
	form.append('file', new Blob([content], { type: 'application/pdf' }), 'letter.pdf');
	return await call('POST', '/documents', form);
}

async function job(fields: Record<string, string> = {}) {
	const documentId = (await upload(`letter ${Math.random()}`)).id;
	const addressId = (await call('POST', '/addressLists', list('', row()))).id;
	return await call('POST', '/jobs', new URLSearchParams({ ...LETTER, documentId, addressId, ...fields }));
}

const submit = async (id: string, billingType = 'User Credit') =>
	await call('POST', `/jobs/${id}/submit`, new URLSearchParams({ billingType }));

test('one letter from its document to its submit: nothing is charged before, and once then', async () => {
	const { books } = simulator.click2mail;
	const made = await job();
	expect(made).toMatchObject({ status: 201 });
	expect((await call('GET', `/jobs/${made.id}`)).text).toContain('<description>Editing</description>');
	const cost = await call('GET', `/jobs/${made.id}/cost?details=true&paymentType=User+Credit`);
	expect(cost.text).toContain('<cost>1.17</cost>');
	expect([books.balance, books.mailed]).toEqual([25.5, []]);

	expect((await submit(made.id)).text).toContain('<status>0</status>');
	expect((await call('GET', `/jobs/${made.id}`)).text).toContain('Awaiting Production');
	const again = await submit(made.id);
	expect([again.status, again.text]).toEqual([400, expect.stringContaining('is in impermissible state')]);
	expect([books.balance, books.mailed]).toEqual([24.33, [{ jobId: made.id, pieces: 1, cost: 1.17 }]]);
	expect(simulator.mistakes()).toEqual([]);
});

test('short credit, in the three ways that it may be refused', async () => {
	const { books } = simulator.click2mail;
	books.balance = 1.169;
	const { id } = await job();
	for (const [status, code] of [
		[200, 2],
		[200, 9],
		[400, 9],
	] as Array<[number, number]>) {
		books.habits.shortCredit = [status, code];
		const refused = await submit(id);
		expect(refused.status).toBe(status);
		expect(refused.text).toContain(`<status>${code}</status>`);
		expect(refused.text).toContain('Not sufficient credit balance');
	}
	expect([books.balance, books.mailed]).toEqual([1.169, []]);
});

test('refusals: names that are there, unknown ids, another class, products, dates, payments', async () => {
	await upload('a letter');
	const refusals: Array<[Promise<{ status: number; text: string }>, number, string]> = [
		[upload('a letter'), 400, '1,Duplicate Document'],
		[upload('other', 'Letter of another size'), 400, '9,Invalid document class'],
		[job({ documentId: '1' }), 200, '1,DocumentId not found'],
		[job({ addressId: '1' }), 200, '2,Address List ID not found'],
		[
			job({ documentId: (await upload('card', 'Postcard 5 x 8')).id }),
			200,
			"9,BaseDocument class doesn't match",
		],
		[job({ productionTime: 'Next Business Day' }), 200, '9,Invalid product options. Sku not found.'],
		[job({ mailingDate: '20200101' }), 200, '9,mailingDate is not in the future'],
		[submit((await job()).id, 'Invoice'), 200, '2,payment not authorized'],
		[submit('1'), 200, '1,Job ID not found'],
		[call('POST', '/addressLists', '<addressList>'), 400, '9,Invalid input data.'],
		[call('POST', '/addressLists', list('', row({ Region: 'x' }))), 400, '9,Invalid input data.'],
		[call('GET', '/jobs/1', undefined, false), 401, ''],
	];
	for (const [reply, status, words] of refusals) {
		const { text, ...other } = await reply;
		const [, code = '', description = ''] = /^(\d),(.*)$/.exec(words) ?? [];
		expect([other.status, text]).toEqual([status, expect.stringContaining(description)]);
		if (code !== '') expect(text).toContain(`<status>${code}</status>`);
	}
});

test('what no document describes is a mistake of the client', async () => {
	const forms: Array<[string, URLSearchParams | string, number]> = [
		['/jobs', new URLSearchParams({ ...LETTER, returnAddressName: 'x' }), 422],
		['/addressLists', new URLSearchParams({ addressMappingId: '2' }), 415],
		['/documents', new URLSearchParams({ documentFormat: 'PDF' }), 415],
	];
	for (const [path, body, status] of forms) expect((await call('POST', path, body)).status).toBe(status);
	expect(simulator.mistakes()).toHaveLength(forms.length);
	simulator.reset();
});

test('habits: statuses, roots, states of a list', async () => {
	const { books } = simulator.click2mail;
	Object.assign(books.habits, {
		created: 200,
		documentRoot: 'documents',
		listStates: [0, 1, 3],
		costInSubmit: false,
	});
	const document = await upload('x');
	expect([document.status, document.text]).toEqual([200, expect.stringContaining('<documents>')]);
	const { id } = await call('POST', '/addressLists', list('', row(), row({ Address1: 'Unmailable' })));
	const states = [];
	for (let look = 0; look < 4; look++)
		states.push(/<status>(\d)/.exec((await call('GET', `/addressLists/${id}`)).text)?.[1]);
	expect(states).toEqual(['0', '1', '3', '3']);
	const made = await job({ addressId: id });
	expect(books.jobs.get(made.id)!.pieces).toBe(1);
	expect((await submit(made.id)).text).not.toContain('<cost>');
});

test('jobs by their tag: none, one and several', async () => {
	const find = async () =>
		(await call('GET', '/jobs/appSignature?appid=order-1&offset=0&numberOfJobs=100')).text;
	expect(await find()).toContain('<jobList />');
	await job({ appSignature: 'order-1' });
	await job({ appSignature: 'order-2' });
	expect((await find()).match(/<job>\s*<id>/g)).toHaveLength(1);
	await job({ appSignature: 'order-1' });
	expect((await find()).match(/<job>\s*<id>/g)).toHaveLength(2);
});
