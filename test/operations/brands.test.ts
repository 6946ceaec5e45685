import { CLUB_TEXTING_HOSTS } from '../../nodes/ClubTexting/provider';
import { MAIL_PARTNER_HOSTS } from '../../nodes/MailPartnerSubaccount/provider';
import { baseUrlExpression } from '../../nodes/shared/http/baseUrl';
import { credentialsFor, openEngine } from '../scenes';
import { subaccount } from '../simulator';
import { going, itemsOf, openBench } from '../harness';

/** Sister brands: the same API at another address, under another name. Their addresses lead to the simulator here. */
const bench = openBench();
const addresses = { ...CLUB_TEXTING_HOSTS, ...MAIL_PARTNER_HOSTS };

const clubTextingBrands = [
	['production', 'Club Texting', 'https://app.clubtexting.com'],
	['ezTexting', 'EZ Texting', 'https://app.eztexting.com'],
	['groupTexting', 'Group Texting', 'https://app.grouptexting.com'],
	['tellMyCell', 'TellMyCell', 'https://app.tellmycell.com'],
] as const;
const mailPartnerBrands = [
	['production', 'MailPartner', 'https://api.mailpartner.fr/v1'],
	['smsPartner', 'SMS Partner', 'https://api.smspartner.fr/v1'],
] as const;

beforeEach(() => {
	for (const [environment] of clubTextingBrands)
		CLUB_TEXTING_HOSTS[environment] = bench.simulator.clubTexting.baseUrl;
	for (const [environment] of mailPartnerBrands)
		MAIL_PARTNER_HOSTS[environment] = bench.simulator.mailPartner.baseUrl;
});

const real = [CLUB_TEXTING_HOSTS, MAIL_PARTNER_HOSTS].map((hosts) => [hosts, { ...hosts }] as const);
afterAll(() => {
	for (const [hosts, own] of real) Object.assign(hosts, own);
});

function credentialsOf(environment: string) {
	const { clubTextingApi, mailPartnerApi, ...others } = credentialsFor(bench.simulator);
	return {
		...others,
		clubTextingApi: { ...clubTextingApi, environment, baseUrl: '' },
		mailPartnerApi: { ...mailPartnerApi, environment, baseUrl: '' },
	};
}

test('each has its own address', () => {
	for (const [environment, , address] of [...clubTextingBrands.slice(1), ...mailPartnerBrands.slice(1)])
		expect(addresses).toHaveProperty(environment, address);
});

describe.each(clubTextingBrands)('%s', (environment, name) => {
	const send = { resource: 'message', operation: 'send', message: '={{ $json.text }}' };

	test('sends there, and errors and advice name it', async () => {
		const credentials = credentialsOf(environment);
		bench.simulator.clubTexting.books.refusedNumbers.add('2125550102');
		const result = await bench.run(
			'clubTexting',
			{ ...send, phoneNumbers: '={{ $json.to }}', options: { requestsPerSecond: 1000 } },
			[
				{ to: '2125550101', text: 'Honey' },
				{ to: '2125550102', text: 'Acorns' },
				{ to: '2125550103', text: 'Miel d’été' },
			],
			{ credentials, ...going },
		);
		expect(itemsOf(result)).toMatchObject([
			{ recipients: ['2125550101'] },
			{
				error: expect.stringContaining(`${name} refused: PhoneNumbers`) as string,
				details: { provider: name, outcome: 'refused' },
			},
			{
				error: expect.stringContaining(`contains characters that ${name} does not send`) as string,
				details: { provider: name, outcome: 'invalid' },
			},
		]);
		expect(bench.simulator.clubTexting.books.delivered).toHaveLength(1);
	});

	test('a refused log-in and an unknown outcome name it', async () => {
		const parameters = { resource: 'keyword', operation: 'cancel', keyword: '={{ $json.keyword }}' };
		const items = [{ keyword: 'honey' }, { keyword: 'acorns' }];
		const credentials = credentialsOf(environment);
		bench.simulator.order({ fault: 'status502Html' });
		const unclear = await bench.run('clubTexting', parameters, items, { credentials });
		expect(unclear.error?.message).toContain(`It is unknown whether ${name} gave up the keyword`);
		expect(unclear.error?.description).toContain(`Look it up at ${name}`);
		bench.simulator.order({ fault: 'status401' });
		const refused = await bench.run('clubTexting', parameters, items, { credentials });
		expect(refused.error?.message).toContain(`${name} refused: Authorization Required`);
		expect(refused.error?.description).toContain(`ask ${name}’s support`);
	});
});

describe.each(mailPartnerBrands)('%s', (environment, name) => {
	test('reads and moves credit there, and errors and advice name it', async () => {
		const { books } = bench.simulator.mailPartner;
		if (environment === 'smsPartner') books.emailCredits = null;
		const credentials = credentialsOf(environment);
		const balance = await bench.run(
			'mailPartner',
			{ resource: 'credit', operation: 'getBalance' },
			[{}, {}],
			{
				credentials,
			},
		);
		const emailCredits = environment === 'smsPartner' ? null : 269082;
		expect(itemsOf(balance)).toEqual(
			[0, 1].map(() => ({ username: books.username, balance: 2931, emailCredits, currency: 'EUR' })),
		);

		books.subaccounts.push(subaccount(books, { token: 'token-of-owl' }));
		const add = {
			resource: 'credit',
			operation: 'add',
			subaccount: { __rl: true, mode: 'token', value: '={{ $json.token }}' },
			amount: 10,
		};
		const items = [{ token: 'token-of-owl' }, { token: 'token-of-roo' }];
		const moved = await bench.run('mailPartner', add, items, { credentials, ...going });
		expect(itemsOf(moved)).toMatchObject([
			{ token: 'token-of-owl', subaccountBalance: 10 },
			{
				error: expect.stringContaining(`${name} refused: `) as string,
				details: { provider: name, outcome: 'refused' },
			},
		]);
	});
});

describe('the test of the credential', () => {
	/** Made now, so that it knows the addresses of this test. */
	const test_ = async (type: 'clubTextingApi' | 'mailPartnerApi', environment: string, wrong = {}) =>
		await openEngine().testCredential(type, { ...credentialsOf(environment)[type], ...wrong });

	test.each(clubTextingBrands)('%s', async (environment) => {
		expect(await test_('clubTextingApi', environment)).toMatchObject({ status: 'OK' });
		expect(bench.simulator.requests).toMatchObject([{ provider: 'clubTexting', operation: 'getBalance' }]);
		expect(await test_('clubTextingApi', environment, { password: 'wrong' })).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/^Club Texting \(or the brand/) as string,
		});
	});

	test.each(mailPartnerBrands)('%s', async (environment) => {
		expect(await test_('mailPartnerApi', environment)).toMatchObject({ status: 'OK' });
		expect(bench.simulator.requests).toMatchObject([{ provider: 'mailPartner', operation: 'me' }]);
	});

	test('knows all addresses', () => {
		expect(baseUrlExpression({ production: 'https://one', other: 'https://two' })).toMatch(
			/^=\{\{ \$credentials\.environment === "custom" \? \$credentials\.baseUrl\.replace\(.*\) : \$credentials\.environment === "other" \? "https:\/\/two" : "https:\/\/one" \}\}$/,
		);
	});
});
