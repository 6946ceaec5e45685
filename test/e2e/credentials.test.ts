import type { IDataObject } from 'n8n-workflow';

import { cards } from '../simulator';

import { openBed, useBed } from './bed';
import { type Credential, createCredential, testNewCredential, testStoredCredential } from './rest';

/** The test that n8n's editor runs when a credential is saved or opened. */
const bed = useBed(async () => await openBed('credentials'));

const providers = [
	{ type: 'click2MailApi', provider: 'click2mail', secret: 'password' },
	{ type: 'clubTextingApi', provider: 'clubTexting', secret: 'password' },
	{ type: 'ezTextingApi', provider: 'ezTexting', secret: 'password' },
	{ type: 'mailPartnerApi', provider: 'mailPartner', secret: 'apiKey' },
] as const;

describe.each(providers)('$type', ({ type, provider, secret }) => {
	const data = (): IDataObject => bed.simulator[provider].credentials;

	test('is fine with the right log-in, typed or stored, and only reads', async () => {
		expect(await testNewCredential(bed.rest, type, data())).toMatchObject({ status: 'OK' });
		expect(await testStoredCredential(bed.rest, bed.credentials[type])).toMatchObject({ status: 'OK' });
		expect(bed.simulator.requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
	});

	test('fails with a wrong log-in and does not repeat it', async () => {
		const wrong = 'marked-wrong-secret';
		const result = await testNewCredential(bed.rest, type, { ...data(), [secret]: wrong });

		expect(result.status).toBe('Error');
		expect(result.message).not.toBe('');
		expect(result.message).not.toContain(wrong);
	});

	test.each([500, 502])('fails where the provider answers with HTTP %i', async (status) => {
		bed.simulator.order({
			fault: status === 500 ? 'status500' : 'status502Html',
			provider,
			times: Number.POSITIVE_INFINITY,
		});
		expect(await testNewCredential(bed.rest, type, data())).toMatchObject({ status: 'Error' });
	});

	test('fails on a page for people', async () => {
		bed.simulator.order({ fault: 'htmlPage', provider, times: Number.POSITIVE_INFINITY });
		expect(await testNewCredential(bed.rest, type, data())).toMatchObject({ status: 'Error' });
	});

	test('sends no log-in in the clear to another machine', async () => {
		const result = await testNewCredential(bed.rest, type, {
			...data(),
			baseUrl: 'http://gateway.example.com',
		});
		expect(result.status).toBe('Error');
	});
});

// n8n's test can look into a reply in JSON; Click2Mail answers in XML.
describe.each(providers.slice(1))('$type', ({ type, provider }) => {
	test('fails on a refusal with HTTP 200', async () => {
		bed.simulator.order({ fault: 'refusalIn200', provider, times: Number.POSITIVE_INFINITY });
		const result = await testNewCredential(bed.rest, type, bed.simulator[provider].credentials);
		expect(result.status).toBe('Error');
	});
});

describe('paymentCardApi', () => {
	test.each(Object.entries(cards))(
		'a valid card of type %s is fine, typed or stored',
		async (_type, card) => {
			expect(await testNewCredential(bed.rest, 'paymentCardApi', card)).toMatchObject({ status: 'OK' });
			const stored: Credential = await createCredential(bed.rest, 'paymentCardApi', card);
			expect(await testStoredCredential(bed.rest, stored)).toMatchObject({ status: 'OK' });
			expect(bed.simulator.requests).toEqual([]);
		},
	);

	test.each([
		['that expired', { expirationMonth: '01', expirationYear: '2020' }, /expir/i],
		['with a wrong check digit', { number: '4111111111111112' }, /number/i],
		['with a code of the wrong length', { securityCode: '12' }, /code/i],
		['of another type than chosen', { cardType: 'amex' }, /amex|american express|type|number/i],
	])('a card %s is refused without its digits', async (_what, change, reason) => {
		const card = { ...cards.visa, ...change };
		const result = await testNewCredential(bed.rest, 'paymentCardApi', card);

		expect(result.status).toBe('Error');
		expect(result.message).toMatch(reason);
		expect(result.message).not.toContain(card.number);
		expect(bed.simulator.requests).toEqual([]);
	});
});
