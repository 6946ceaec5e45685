import type { IDataObject, NodeOperationError } from 'n8n-workflow';
import { Failures } from '../../nodes/shared/pipeline/failures';
import { runNode } from '../../nodes/shared/pipeline/runNode';
import type { HttpRequest, HttpResponse } from '../../nodes/shared/provider';
import { going, itemsOf, openBenches } from '../harness';
import { credentialsFor, nodeTypes, sceneOf } from '../scenes';
import type { ProviderName } from '../simulator';
import { contextOf, services } from './context';

const { bench, it: test } = openBenches();
const { click2mail, clubTexting, mailPartner } = services;

/** What a failed item of an operation says of one reply. */
async function saidBy(provider: ProviderName, operation: string, parameters: object, reply: HttpResponse) {
	const service = services[provider];
	const context = contextOf(service, operation, parameters, { reply });
	const [items] = await runNode(context, service.provider, service.resources);
	return String(items![0]?.json.error);
}

const byToken = { subaccount: { __rl: true, mode: 'token', value: 'token' }, amount: 10 };
const json = (body: unknown, status = 400): HttpResponse => ({
	status,
	headers: {},
	text: JSON.stringify(body),
});

describe('a 500 of Club Texting', () => {
	const reply = (body: unknown): HttpResponse => ({ status: 500, headers: {}, text: JSON.stringify(body) });
	const failure = { Response: { Status: 'Failure', Code: 500, Errors: ['Internal Server Error'] } };

	test.each([
		[
			'an act',
			'keyword.cancel',
			{ keyword: 'honey' },
			/Look it up at Club Texting before you run it anew: .*ticket/,
		],
		[
			'a question',
			'credit.getBalance',
			{},
			/nothing was changed\. Something is broken at Club Texting.*ticket/,
		],
	])('tells %s to ask its support', async (_, operation, parameters, advice) => {
		for (const body of [failure, {}]) {
			expect(await saidBy('clubTexting', operation, parameters, reply(body))).toMatch(advice);
		}
	});
});

describe('what MailPartner says in French', () => {
	const asked: Record<string, object> = {
		'subaccount.create': {},
		'subaccount.getAll': {},
		'credit.add': byToken,
		'credit.remove': byToken,
		'credit.getBalance': {},
	};
	const creating = ['subaccount.create'];
	const [adding, taking] = [['credit.add'], ['credit.remove']];
	const moving = [...adding, ...taking];
	const all = Object.keys(asked);
	/** Every documented code and its words, what they mean, and what is to be done. */
	const rows: Array<[operations: string[], code: number, words: string, says: string, advice: RegExp]> = [
		[all, 1, 'La Clé API est requise', 'it got no API key', /Check the API key/],
		[all, 10, 'Clé API incorrecte', 'the API key is wrong', /Check the API key/],
		[all, 10, 'Clef API incorrecte', 'the API key is wrong', /Check the API key/],
		[all, 10, 'Api key invalid', 'the API key is wrong', /Check the API key/],
		[all, 20, 'Compte désactivé', 'the account is closed', /Ask MailPartner/],
		[all, 30, 'Compte bloqué', 'the account is blocked', /Ask MailPartner/],
		[all, 40, "L'accès à l'API est refusé", 'the account may not use the API', /switch API access on/],
		[all, 90, 'Le JSON est malformé: erreur de syntaxe', 'it could not read the request', /update/],
		[
			all,
			96,
			"L'IP n'est pas autorisée",
			'it does not take requests from the IP address of this n8n',
			/allow the IP address/,
		],
		[all, 429, 'Trop de requêtes effectuées en une minute', 'there were too many requests', /Wait a minute/],
		[
			creating,
			2,
			'Le numéro de téléphone est requis',
			'a phone number is missing',
			/Ask MailPartner.*enabled/,
		],
		[creating, 2, "Vous n'avez pas l'authorisation", 'this account may not create', /enabled/],
		[creating, 4, "Vous n'avez pas l'autorisation", 'this account may not create', /enabled/],
		[moving, 7, "Vous n'avez pas l'autorisation", 'this account may not move credit', /Ask MailPartner/],
		[all, 40, "Vous n'avez pas l'autorisation", 'the account may not use the API', /switch API access on/],
		[creating, 2, "Vous n'êtes pas autorisé à créer des sous-comptes", 'this account may not', /enabled/],
		[creating, 2, 'Phone number is required', 'a phone number is missing', /whether it lacks a phone number/],
		[creating, 2, 'You are not allowed to create sub-accounts', 'this account may not', /enabled/],
		[creating, 2, 'Not authorised to create subaccounts', 'this account may not', /enabled/],
		[creating, 3, 'isBuyer est requis', 'it did not get “Is Buyer”', /Ask MailPartner/],
		[creating, 4, 'Le type est requis (simple ou advanced)', 'it did not get “Type”', /Ask MailPartner/],
		[creating, 5, "Le type de sous-compte n'existe pas (simple ou advanced)", '“Type”', /which types/],
		[creating, 6, "L'email est requis", '“Email” is empty', /Give the address/],
		[creating, 7, 'Un compte existe déjà avec cet email', '“Email” exists already', /another email/],
		[creating, 8, 'creditToAttribute doit être supérieure à 0', '“Starting Credit”', /more than 0/],
		[creating, 9, 'La balance doit être supérieur à 0', 'no credit left', /^Nothing was created. Buy credit/],
		[moving, 2, 'Le crédit est requis', 'it did not get “Amount”', /Ask MailPartner/],
		[moving, 3, "L'identifiant du sous-compte est requis", '“Subaccount”', /Ask MailPartner/],
		[moving, 4, "Vous n'avez pas l'autorisation", 'this account may not move credit', /Ask MailPartner/],
		[moving, 5, 'Le crédit à attribuer doit être supérieur à 0', '“Amount” has to be above 0', /more than 0/],
		[adding, 6, 'La balance doit être supérieur à 0', 'the account that pays has no credit', /Buy credit/],
		[taking, 6, 'La balance doit être supérieur à 0', 'the sub-account has no credit left', /Take less/],
		[moving, 7, "Le sous-compte n'existe pas", 'there is no such “Subaccount”', /“Get Many”/],
		[adding, 8, 'Crédit insufisant', 'the account that pays has too little credit', /Buy credit/],
		[taking, 8, 'Crédit insufisant', 'the sub-account has too little credit', /Take less/],
		// The table that all calls share has other numbers for the same.
		[moving, 3, 'Le champ Credit est requis', 'it did not get “Amount”', /Ask MailPartner/],
		[moving, 4, 'Le champ tokenSubaccount est requis', '“Subaccount”', /Ask MailPartner/],
		[moving, 6, 'Le sous-compte est introuvable', 'there is no such “Subaccount”', /“Get Many”/],
		[adding, 7, 'Crédit insuffisant pour le sous-compte', 'has too little credit', /Buy credit/],
		[taking, 7, 'Crédit insuffisant pour le sous-compte', 'has too little credit', /Take less/],
		[adding, 11, 'Crédit insuffisant', 'has too little credit', /Buy credit/],
	];

	test.each(
		rows.flatMap(([operations, code, words, says, advice]) =>
			operations.map((operation) => ({ operation, code, words, says, advice })),
		),
	)('$operation, code $code: $words', async ({ operation, code, words, says, advice }) => {
		for (const status of code === 429 ? [429] : [200, 400, 403]) {
			const reply = json({ success: false, code, message: words }, status);
			const said = await saidBy('mailPartner', operation, asked[operation]!, reply);
			const [message, next] = said.split(` (${words}). `);
			expect(message).toContain(says);
			expect(message).toMatch(/^MailPartner refused: [^(]+$/);
			expect(next).toMatch(advice);
			expect(next).toMatch(/\.$/);
		}
	});

	test.each([
		['credit.add', 7, 'there is no such “Subaccount” (code 7)'],
		['subaccount.create', 7, 'an account with this “Email” exists already (code 7)'],
		['credit.getBalance', 10, 'the API key is wrong (code 10)'],
	])('%s: code %i without words', async (operation, code, says) => {
		const said = await saidBy('mailPartner', operation, asked[operation]!, json({ success: false, code }));
		expect(said).toContain(`MailPartner refused: ${says}. `);
	});

	test.each(['subaccount.getAll', 'credit.getBalance'])(
		'%s: that there is no permission is not told as one to move credit',
		async (operation) => {
			const words = "Vous n'avez pas l'autorisation";
			const said = await saidBy(
				'mailPartner',
				operation,
				asked[operation]!,
				json({ success: false, code: 4, message: words }),
			);
			expect(said).toMatch(/^MailPartner refused: Vous n'avez pas l'autorisation\. .* ask its support\.$/);
		},
	);

	test('new words behind a code whose meaning is not certain are not translated as if it were', async () => {
		const reply = json({ success: false, code: 6, message: 'Le plafond est atteint' });
		expect(await saidBy('mailPartner', 'credit.add', byToken, reply)).toContain(
			'MailPartner refused: probably, the account that pays has no credit left (Le plafond est atteint)',
		);
	});

	test.each([
		[400, { success: false, code: 777, message: 'Le tarif est inconnu' }, /support/],
		[422, { success: false, message: 'Le tarif est inconnu' }, /./],
		[404, { message: 'Le tarif est inconnu' }, /./],
		[200, { success: false, code: 777, message: 'Le tarif est inconnu' }, /Look it up/],
	])(
		'with HTTP %i and a code that nobody documents, its words are not lost',
		async (status, body, advice) => {
			const said = await saidBy('mailPartner', 'credit.add', byToken, json(body, status));
			expect(said).toContain('Le tarif est inconnu');
			expect(said.slice(said.indexOf('. ') + 2)).toMatch(advice);
		},
	);

	test('fields that it names are named as the editor names them', async () => {
		const errors = [
			{ elementId: 'children[parameters].children[email].data', message: "Cette valeur n'est pas valide." },
			{ elementId: 'children[firstname].data', message: 'Cette chaîne est trop longue.' },
		];
		expect(
			await saidBy('mailPartner', 'subaccount.create', {}, json({ success: false, code: 9, errors })),
		).toBe(
			"MailPartner refused: it does not accept what stands in “Email” and “First Name” (“Email”: Cette valeur n'est pas valide.; “First Name”: Cette chaîne est trop longue.). Nothing was changed. Correct “Email” and “First Name”, and try again.",
		);
	});

	const refusals = [
		[1, 'La Clé API est requise', /no API key/],
		[10, 'Clé API incorrecte', /API key/],
		[20, 'Compte désactivé', /account is closed/],
		[30, 'Compte bloqué', /account is blocked/],
		[40, "L'accès à l'API est refusé", /API/],
		[96, "L'IP n'est pas autorisée", /IP address of this n8n/],
		[429, 'Trop de requêtes', /too many requests/],
	] as const;

	test.each(refusals)('in the list of sub-accounts, code %i', async (code, words, says) => {
		const body = JSON.stringify({ success: false, code, message: words });
		bench.simulator.order({ fault: 'body', operation: 'list', body, status: 400 });
		const error = await bench.engine
			.listSearch(nodeTypes.mailPartner, 'searchSubaccounts', {
				credentials: credentialsFor(bench.simulator),
			})
			.catch((thrown: NodeOperationError) => thrown);
		expect(error).toMatchObject({
			message: expect.stringMatching(says) as string,
			description: expect.stringMatching(
				/^(Nothing was changed|Check|MailPartner did not process)/,
			) as string,
		});
		expect((error as Error).message).toContain('The sub-accounts could not be listed: MailPartner refused: ');
		expect((error as Error).message.endsWith(` (${words})`)).toBe(true);
	});

	test.each(refusals.flatMap(([...row]) => [200, 400, 403].map((status) => [status, ...row] as const)))(
		'in the test of the credential, HTTP %i with code %i',
		async (status, code, words, says) => {
			const body = JSON.stringify({ success: false, code, message: words });
			bench.simulator.order({ fault: 'body', operation: 'me', body, status });
			const data = credentialsFor(bench.simulator).mailPartnerApi!;
			const result = await bench.engine.testCredential('mailPartnerApi', data);
			expect(result).toMatchObject({ status: 'Error', message: expect.stringMatching(says) as string });
			expect(result.message.endsWith(`(${words}).`)).toBe(true);
		},
	);

	test('in the test of the credential, a code that nobody documents', async () => {
		const body = '{"success":false,"code":777,"message":"Non"}';
		bench.simulator.order({ fault: 'body', operation: 'me', body, status: 422 });
		const data = credentialsFor(bench.simulator).mailPartnerApi!;
		expect((await bench.engine.testCredential('mailPartnerApi', data)).message).toMatch(/“Get Balance”/);
	});
});

describe('what to do', () => {
	const adviceOf = (
		{ provider }: typeof click2mail,
		code: string | undefined,
		httpStatus: number,
		operation: string,
		message: string,
		request?: HttpRequest,
	) =>
		provider.advice({
			provider: provider.name,
			code,
			httpStatus,
			operation,
			message,
			...(request && { request }),
		});

	const slower = /Wait a minute.*“Requests per Second” lower/;
	test.each([
		['wrong log-in', '401', 401, 'credit.buy', '', /user name and password.*API access/],
		['wrong log-in, by its code', '401', 200, 'message.send', '', /user name and password.*API access/],
		['wrong log-in, by its status', '403', 401, 'message.send', '', /user name and password.*API access/],
		['too many messages', '503', 503, 'message.send', '', slower],
		['too many messages, by 429', undefined, 429, 'message.send', '', slower],
		['too many charges', '503', 503, 'credit.buy', '', /did not process.*Wait a minute[^“]*$/],
		['too many charges, by 429', undefined, 429, 'credit.buy', '', /did not process.*Wait a minute[^“]*$/],
		['too many readings', '503', 503, 'contact.getAll', '', /did not process.*Wait a minute[^“]*$/],
		['a refused charge', '403', 403, 'credit.buy', 'Number: bad', /Nothing was charged. Check the card/],
		['a refused top-up', '403', 403, 'credit.topUp', 'Sorry', /Nothing was charged. Check the card/],
		['a declined card', '403', 403, 'credit.buy', 'Your credit card was declined', /Ask the bank[^:]*$/],
		['funds that are short', '403', 403, 'keyword.rent', 'Insufficient funds', /Ask the bank[^:]*$/],
		[
			'a keyword that is taken',
			'403',
			403,
			'keyword.rent',
			'Keyword: taken',
			/^[^.]*charged. Correct[^.]*\.$/,
		],
		['a wrong coupon', '403', 403, 'credit.buy', 'CouponCode: unknown', /^[^.]*charged. Correct[^.]*\.$/],
		['a keyword without access', '403', 403, 'keyword.cancel', 'Forbidden', /may not use this/],
		['a charge without access', '403', 403, 'credit.buy', 'Access Forbidden', /may not use this/],
		['an account without access', '403', 403, 'message.send', 'Access Forbidden', /Club Texting’s support/],
		['a field', '403', 403, 'message.send', 'Message: bad', /sent or changed. Correct what the text names/],
		['a field, told again', '403', 403, 'message.send', 'Club Texting refused: Message: bad', /Correct/],
		[
			'a text about no field',
			'403',
			403,
			'message.send',
			'Sorry, not now',
			/^(?!.*[Cc]orrect)(?!.*[Cc]heck)/,
		],
		['a refusal without words', '403', 403, 'message.send', '', /^(?!.*[Cc]orrect)(?!.*[Cc]heck)/],
		['nothing that was found', '403', 403, 'keyword.cancel', 'Sorry, nothing was found', /how it is written/],
		['a page that denies access', undefined, 403, 'message.send', '', /firewall/],
		['a page that is not there', undefined, 404, 'message.send', '', /Update this package/],
		['a proxy', undefined, 407, 'message.send', '', /proxy/],
		['a page that says no', undefined, 400, 'credit.buy', '', /^(?!.*[Cc]orrect)(?!.*[Cc]heck)/],
	])('at Club Texting after %s', (_case, code, status, operation, text, advice) => {
		expect(adviceOf(clubTexting, code, status, operation, text)).toMatch(advice);
	});

	test('at Club Texting, of the card that was used', () => {
		const refused = (form: Record<string, string>) =>
			adviceOf(clubTexting, '403', 403, 'credit.buy', 'Sorry', {
				method: 'POST',
				path: '/billing/credits',
				form,
			});
		expect(refused({ StoredCreditCard: '1111' })).toMatch(/^Nothing was charged. Check the last four digits/);
		expect(refused({ Number: '4' })).toMatch(/^Nothing was charged. Check number, code, expiry/);
	});

	test.each([
		['a wrong log-in', undefined, 401, 'credit.purchase', /user name, password and environment/],
		['a wrong log-in with words', '2', 401, 'credit.purchase', /^Check user name, password/],
		['a card that is not accepted', '2', 200, 'credit.purchase', /card was not accepted.*again and again/],
		['a balance that is not given', '9', 400, 'credit.getBalance', /Nothing was changed/],
		['bad input', '9', 400, 'credit.purchase', /Nothing was charged/],
		['bad input of a top-up', '9', 400, 'credit.topUp', /Nothing was charged/],
		['too many charges', undefined, 429, 'credit.purchase', /^(?!.*card).*Wait a minute/],
		['too many readings', undefined, 429, 'credit.getBalance', /Wait a minute/],
		['a page that is not there', undefined, 404, 'credit.purchase', /^(?!.*card).*Update/],
	])('at Click2Mail after %s', (_case, code, status, operation, advice) => {
		expect(adviceOf(click2mail, code, status, operation, '')).toMatch(advice);
	});

	test.each([
		['a wrong key', undefined, 401, 'credit.add', /API key/],
		['too many', undefined, 429, 'credit.add', /did not process.*Wait/],
		['a code of another call', '5', 400, 'subaccount.get', /^(?!.*[Cc]orrect)(?!.*[Cc]heck)/],
	])('at MailPartner after %s', (_case, code, status, operation, advice) => {
		expect(adviceOf(mailPartner, code, status, operation, '')).toMatch(advice);
	});
});

describe('of a thing that is not there, the refusal names it', () => {
	const body = JSON.stringify({
		Response: { Status: 'Failure', Code: 403, Errors: ['Sorry, nothing was found'] },
	});
	const storedCard = { paymentMethod: 'storedCard', storedCardLastFour: '1111' };

	test.each([
		['keyword.cancel', { keyword: 'honey' }, 'the keyword “honey” is not known to Club Texting'],
		['keyword.setUp', { keyword: 'honey', joinMessage: 'Hi' }, 'the keyword “honey” is not known'],
		['keyword.checkAvailability', { keyword: 'honey' }, 'the keyword “honey” is not known'],
		[
			'phoneNumber.lookUpCarrier',
			{ phoneNumber: '(212) 345-6785' },
			'the phone number 2123456785 is not known',
		],
		['message.getReport', { messageId: '6419' }, 'the message with the ID 6419 is not known'],
		[
			'incomingMessage.delete',
			{ incomingMessageId: '77' },
			'the incoming message with the ID 77 is not known',
		],
		['credit.buy', { numberOfCredits: 10, ...storedCard }, 'Club Texting refused: Sorry, nothing was found'],
	])('%s', async (operation, given, says) => {
		bench.simulator.order({ fault: 'body', body, status: 403 });
		const [resource, name] = operation.split('.');
		const result = await bench.run(
			'clubTexting',
			{ resource: resource!, operation: name!, ...given },
			[{}],
			going,
		);
		const [{ error }] = itemsOf(result) as [IDataObject];
		expect(error).toContain(says);
		expect(error).toContain('Sorry, nothing was found');
		expect(error).toMatch(/Nothing was changed. Check how it is written, and that it belongs to the account/);
	});
});

describe('of an address that can’t be reached', () => {
	const nowhere = (environment: string, baseUrl: string) => {
		const credentials = credentialsFor(bench.simulator);
		for (const data of Object.values(credentials)) {
			if ('baseUrl' in data) Object.assign(data, { environment, baseUrl });
		}
		return credentials;
	};
	const refusing = 'http://127.0.0.1:1';

	test.each([
		['click2mail', { operation: 'getBalance' }],
		['click2mail', { operation: 'purchase', amount: 20 }],
		['clubTexting', { resource: 'message', operation: 'send', phoneNumbers: '2123456785', message: 'Hi' }],
		['clubTexting', { resource: 'keyword', operation: 'cancel', keyword: 'honey' }],
		['mailPartner', { resource: 'credit', operation: 'add', ...byToken }],
	] as const)('%s %j names the base URL of a custom environment', async (provider, parameters) => {
		const credentials = nowhere('custom', refusing);
		const result = await bench.run(provider, parameters, [{}, {}], {
			credentials,
			onError: 'continueRegularOutput',
		});
		expect(itemsOf(result)).toMatchObject(
			[0, 1].map(() => ({
				error: expect.stringMatching(
					/the connection was refused \[item \d\]\. Nothing happened\. This n8n can’t reach the base URL of the credential, http:\/\/127\.0\.0\.1:1\. Check how it is written/,
				) as string,
				details: { outcome: 'notSent', affects: 'run' },
			})),
		);
	});

	test.each([
		['none', undefined, /^Nothing happened\. This n8n can’t reach Club Texting\. Check its network/],
		['a certificate', 'untrusted', /^Nothing happened\. Something may answer in place of Club Texting/],
		['n8n’s own rules', 'notAllowed', /^Nothing happened\. Ask whoever runs this n8n to allow Club Texting/],
	] as const)('of the provider’s own, in the way of which stands %s', (_what, obstacle, advice) => {
		const failures = new Failures(clubTexting.provider, 'message.send', { environment: 'production' });
		const verdict = { kind: 'notSent', why: 'gone', ...(obstacle && { obstacle }) } as const;
		expect(failures.unreachable(verdict).facts.advice).toMatch(advice);
		const own = new Failures(clubTexting.provider, 'message.send', {
			environment: 'custom',
			baseUrl: 'https://gateway.example.com',
		});
		expect(own.unreachable(verdict).facts.advice).toContain('base URL of the credential, https://gateway');
	});

	test('in the lists of the editor', async () => {
		const credentials = nowhere('custom', refusing);
		const message = expect.stringMatching(
			/could not be listed: Not sent to .*the connection was refused/,
		) as string;
		const description = expect.stringContaining(refusing) as string;
		const search = bench.engine.listSearch(nodeTypes.mailPartner, 'searchSubaccounts', { credentials });
		await expect(search).rejects.toMatchObject({ message, description });
		for (const type of [nodeTypes.clubTexting, nodeTypes.ezTexting]) {
			const listed = await bench.engine.loadOptions(type, 'getGroups', { credentials });
			expect(listed).toEqual([{ name: message, value: '', description }]);
			const options = { groups: ['Bears', '', 'Foxes', 'Bears'], scheduledFor: ['Owls'] };
			const parameters = { resource: 'message', operation: 'send', options };
			const chosen = await bench.engine.loadOptions(type, 'getGroups', { credentials, parameters });
			expect(chosen).toEqual([
				...listed,
				{ name: 'Bears', value: 'Bears' },
				{ name: 'Foxes', value: 'Foxes' },
			]);
		}
	});
});

describe('of a question without a clear answer', () => {
	const baseUrl = ' https://gateway.example.com ';
	const elsewhere =
		'Check the base URL in the credential: what answers at https://gateway.example.com may not be Club Texting.';
	const again = 'It can be run again.';
	const broken =
		'Something is broken at Club Texting: open a ticket with its support, and tell it when this happened and what this text says.';
	const inTrouble = 'Club Texting is in trouble at the moment: wait a few minutes, then run it again.';

	test.each([
		['the reply is a web page', 200, elsewhere, again],
		['the reply is a web page', undefined, elsewhere, again],
		['the reply is empty', 299, again, again],
		['the reply is empty', 300, elsewhere, again],
		['the reply is empty', 399, elsewhere, again],
		['the reply is empty', 400, again, again],
		['the reply is empty', 499, again, again],
		['the reply is empty', 500, broken, broken],
		['the reply is empty', 501, inTrouble, inTrouble],
		['the reply is empty', undefined, again, again],
	])('%s, with status %p', (why, status, custom, own) => {
		for (const [environment, advice] of [
			['custom', custom],
			['production', own],
		] as const) {
			const { provider } = clubTexting;
			const failures = new Failures(provider, 'credit.getBalance', { environment, baseUrl });
			const response = status === undefined ? undefined : { status, headers: {}, text: '' };
			const request = { method: 'GET', path: '/billing/credits/get' } as const;
			const verdict = { kind: 'unclear', why } as const;
			const { outcome, message, facts } = failures.ofReading({ verdict, response }, request);
			expect([outcome, message]).toEqual(['unknown', `Club Texting gave no clear answer: ${why}`]);
			expect(facts).toEqual({
				advice: `This was a request to read; nothing was changed. ${advice}`,
				affects: 'item',
				provider: 'Club Texting',
				operation: 'credit.getBalance',
				...(status !== undefined && { httpStatus: status }),
			});
		}
	});
});

describe('of a provider in trouble', () => {
	const balance = { resource: 'credit', operation: 'getBalance' };

	test.each([
		['click2mail', 'status503', /wait a few minutes/],
		['mailPartner', 'status503', /wait a few minutes/],
		['clubTexting', 'status503', /Wait a minute/],
		['click2mail', 'status429', /Wait a minute/],
		['clubTexting', 'status429', /Wait a minute/],
		['mailPartner', 'status429', /Wait a minute/],
	] as const)('%s, reading, %s: to wait', async (provider, fault, advice) => {
		bench.simulator.order({ fault, retryAfter: 0, times: 3 });
		const result = await bench.run(provider, balance, [{}]);
		expect(result.error?.description).toMatch(advice);
		expect(result.error?.description).not.toMatch(/[Cc]orrect|[Cc]heck/);
	});

	test.each([['click2MailApi'], ['clubTextingApi'], ['ezTextingApi'], ['mailPartnerApi']])(
		'in the test of %s',
		async (type) => {
			for (const status of [429, 500, 502, 503, 504, 524]) {
				bench.simulator.reset();
				bench.simulator.order({ fault: 'body', body: '<html></html>', status });
				const result = await bench.engine.testCredential(type, credentialsFor(bench.simulator)[type]!);
				expect(result).toMatchObject({
					status: 'Error',
					message: expect.stringMatching(
						type === 'clubTextingApi' && status === 500
							? /Something is broken at Club Texting .*ticket/
							: /wait a minute and test again|again in a few minutes/,
					) as string,
				});
			}
		},
	);
});

test.each([
	[403, 'refused', /^Club Texting refused: connect ETIMEDOUT 10\.0\.0\.1:3306 \[item 0\]/],
	[500, 'unknown', /^It is unknown whether Club Texting charged the card: .*ETIMEDOUT/],
])(
	'words of a %i that name a code of a connection stay what they are: %s',
	async (status, outcome, message) => {
		const body = {
			Response: { Status: 'Failure', Code: status, Errors: ['connect ETIMEDOUT 10.0.0.1:3306'] },
		};
		bench.simulator.order({ fault: 'body', operation: 'buy', body: JSON.stringify(body), status });
		const { error } = await bench.play(sceneOf('clubTexting.credit.buy'));
		expect(error?.context?.details).toMatchObject({ outcome });
		expect(error?.message).toMatch(message);
	},
);

test('what a person typed stays as well, where n8n finds a code in it', async () => {
	const items = [{ to: '2125550101' }, { to: 'freeaccess' }];
	const { error } = await bench.play({ ...sceneOf('clubTexting.message.send'), items });
	expect(error?.message).toContain('freeaccess');
	expect(bench.simulator.requests).toEqual([]);
});

test('a provider’s own sentence ends with one period, behind the item’s place', async () => {
	const body = JSON.stringify({
		Response: { Status: 'Failure', Code: 403, Errors: ['You are out of credits.'] },
	});
	const order = { fault: 'body', operation: 'send', body, status: 403, times: 3 } as const;
	const parameters = {
		resource: 'message',
		operation: 'send',
		phoneNumbers: '={{ $json.to }}',
		message: 'Hi',
	};
	const items = [{ to: '2125550101' }, { to: '2125550102' }];
	bench.simulator.order(order);
	const result = await bench.run('clubTexting', parameters, items, going);
	expect(itemsOf(result).map(({ error }) => String(error).split(' Nothing')[0])).toEqual([
		'Club Texting refused: You are out of credits [item 0].',
		'Club Texting refused: You are out of credits [item 1].',
	]);
	bench.simulator.order(order);
	const { error } = await bench.run('clubTexting', parameters, items);
	expect(error?.message).toMatch(/^Club Texting refused: You are out of credits \[item 0\]\. /);
});
