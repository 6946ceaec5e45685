import { purchaseRequest } from '../../nodes/Click2MailCredit/credit';
import { click2Mail } from '../../nodes/Click2MailCredit/provider';
import { purchase } from '../../nodes/Click2MailCredit/resources/credit/purchase';
import { clubTexting } from '../../nodes/ClubTexting/provider';
import { buy } from '../../nodes/ClubTexting/resources/credit/buy';
import { cancel } from '../../nodes/ClubTexting/resources/keyword/cancel';
import { checkAvailability } from '../../nodes/ClubTexting/resources/keyword/checkAvailability';
import { rent } from '../../nodes/ClubTexting/resources/keyword/rent';
import { setUp } from '../../nodes/ClubTexting/resources/keyword/setUp';
import { planRequests, sendRequest, type Campaign } from '../../nodes/ClubTexting/resources/message/plan';
import { lookUpCarrier } from '../../nodes/ClubTexting/resources/phoneNumber/lookUpCarrier';
import { mailPartner } from '../../nodes/MailPartnerSubaccount/provider';
import { add } from '../../nodes/MailPartnerSubaccount/resources/credit/add';
import { remove } from '../../nodes/MailPartnerSubaccount/resources/credit/remove';
import { create } from '../../nodes/MailPartnerSubaccount/resources/subaccount/create';
import { checkedCard } from '../../nodes/shared/card';
import type { Operation, Provider, WireRequest } from '../../nodes/shared/operation';
import { cards, type CardData } from '../simulator';
import { fixture, onPaper } from './onPaper';

/** The one request that an operation makes of its parameters. */
async function requestOf<P>(
	operation: Operation<P>,
	provider: Provider,
	parameters: P,
	reply: string,
	card?: CardData,
): Promise<WireRequest> {
	const status = reply.endsWith('.http') ? 204 : 201;
	const { requests } = await onPaper(operation, provider, parameters, [fixture(reply, status)], card);
	expect(requests).toHaveLength(1);
	return requests[0]!;
}

const storedCard = { method: 'storedCard' as const, storedCardLastFour: '1111' };
const ownCard = { method: 'card' as const, storedCardLastFour: '' };

describe('Click2Mail', () => {
	const buying = async (amount: number, card: CardData) =>
		await requestOf(
			purchase,
			click2Mail,
			{ amount, readBalance: false },
			'click2mail/purchase.success.xml',
			card,
		);

	test('a purchase has the 11 fields of the Add Credit page', async () => {
		const card: CardData = {
			cardType: 'visa',
			number: '4111 1111-1111 1111',
			expirationMonth: '2',
			expirationYear: '39',
			securityCode: '123',
			firstName: 'Awesome',
			lastName: 'User',
			street: '221B Baker St',
			city: 'Springfield',
			state: 'MO',
			zip: '04567',
			country: 'US',
		};
		expect(await buying(10, card)).toEqual({
			method: 'POST',
			path: '/credit/purchase',
			form: {
				billingName: 'Awesome User',
				billingAddress1: '221B Baker St',
				billingCity: 'Springfield',
				billingState: 'MO',
				billingZip: '04567',
				billingAmount: '10',
				billingNumber: '4111111111111111',
				billingMonth: '02',
				billingYear: '2039',
				billingCvv: '123',
				billingCcType: 'VI',
			},
		});
	});

	test.each([
		['visa', 'VI'],
		['masterCard', 'MC'],
		['amex', 'AE'],
		['discover', 'DI'],
	] as const)('the code of %s is %s', (type, code) => {
		expect(purchaseRequest(10, checkedCard(cards[type])).form).toMatchObject({
			billingCcType: code,
			billingNumber: cards[type].number,
			billingCvv: cards[type].securityCode,
		});
	});

	test.each([
		[10, '10'],
		[12.5, '12.50'],
		[10.01, '10.01'],
		[1000, '1000'],
		[0.1 + 99.2, '99.30'],
	])('an amount of %d is written %s', (amount, written) => {
		expect(purchaseRequest(amount, checkedCard(cards.visa)).form).toMatchObject({ billingAmount: written });
	});
});

describe('Club Texting', () => {
	const cardFields = {
		FirstName: 'Winnie',
		LastName: 'The Pooh',
		Street: '221B Baker St',
		City: 'Springfield',
		State: 'MO',
		Zip: '34567',
		Country: 'US',
		CreditCardTypeID: 'Visa',
		Number: '4111111111111111',
		SecurityCode: '739',
		ExpirationMonth: '12',
		ExpirationYear: '2039',
	};

	test('a keyword is asked about in the query', async () => {
		expect(
			await requestOf(
				checkAvailability,
				clubTexting,
				{ keyword: 'honey' },
				'clubtexting/checkAvailability.success.json',
			),
		).toEqual({ method: 'GET', path: '/keywords/new', query: { Keyword: 'honey' } });
	});

	test('a keyword is rented with a stored card or with the fields of a card', async () => {
		const renting = async (payment: typeof storedCard | typeof ownCard) =>
			await requestOf(rent, clubTexting, { keyword: 'honey', payment }, 'clubtexting/rent.success.xml');
		expect(await renting(storedCard)).toEqual({
			method: 'POST',
			path: '/keywords',
			form: { Keyword: 'honey', StoredCreditCard: '1111' },
		});
		expect(await renting(ownCard)).toEqual({
			method: 'POST',
			path: '/keywords',
			form: { Keyword: 'honey', ...cardFields },
		});
	});

	test.each([
		['visa', 'Visa'],
		['masterCard', 'MasterCard'],
		['amex', 'Amex'],
		['discover', 'Discover'],
	] as const)('the name of %s is %s', async (type, name) => {
		const parameters = { keyword: 'honey', payment: ownCard };
		const { form } = await requestOf(
			rent,
			clubTexting,
			parameters,
			'clubtexting/rent.success.json',
			cards[type],
		);
		expect(form).toMatchObject({ CreditCardTypeID: name, Number: cards[type].number });
	});

	test('a keyword is set up under its own path, and what is not given is left out', async () => {
		const parameters = {
			keyword: 'miel_ü',
			joinMessage: 'Hello',
			enableDoubleOptIn: undefined,
			confirmMessage: '',
			forwardEmail: '',
			forwardUrl: '',
			contactGroups: [],
		};
		expect(await requestOf(setUp, clubTexting, parameters, 'clubtexting/setUp.success.json')).toEqual({
			method: 'POST',
			path: '/keywords/miel_%C3%BC',
			form: { JoinMessage: 'Hello' },
		});
	});

	test.each([
		[true, '1'],
		[false, '0'],
	])('double opt-in %s is sent as %s', async (enableDoubleOptIn, written) => {
		const parameters = {
			keyword: 'honey',
			joinMessage: 'Hello',
			enableDoubleOptIn,
			confirmMessage: 'Reply Y',
			forwardEmail: 'honey@bear-alliance.co.uk',
			forwardUrl: 'http://bear-alliance.co.uk/',
			contactGroups: ['honey lovers', 'Neighbors'],
		};
		const { path, form } = await requestOf(setUp, clubTexting, parameters, 'clubtexting/setUp.success.json');
		expect(path).toBe('/keywords/honey');
		expect(form).toEqual({
			EnableDoubleOptIn: written,
			ConfirmMessage: 'Reply Y',
			JoinMessage: 'Hello',
			ForwardEmail: 'honey@bear-alliance.co.uk',
			ForwardUrl: 'http://bear-alliance.co.uk/',
			ContactGroupIDs: ['honey lovers', 'Neighbors'],
		});
	});

	test('a keyword is cancelled under its own path', async () => {
		expect(
			await requestOf(cancel, clubTexting, { keyword: 'honey' }, 'clubtexting/cancel.success.json.http'),
		).toEqual({ method: 'DELETE', path: '/keywords/honey' });
	});

	test('credits are bought with or without a coupon', async () => {
		const buying = async (couponCode: string, payment: typeof storedCard | typeof ownCard) =>
			await requestOf(
				buy,
				clubTexting,
				{ numberOfCredits: 1000, payment, couponCode },
				'clubtexting/buy.success.json',
			);
		expect(await buying('', storedCard)).toEqual({
			method: 'POST',
			path: '/billing/credits',
			form: { NumberOfCredits: '1000', StoredCreditCard: '1111' },
		});
		expect((await buying('HONEY', ownCard)).form).toEqual({
			NumberOfCredits: '1000',
			CouponCode: 'HONEY',
			...cardFields,
		});
	});

	test('a carrier is asked for under the number', async () => {
		expect(
			await requestOf(
				lookUpCarrier,
				clubTexting,
				{ phoneNumber: '2345678910' },
				'clubtexting/lookUpCarrier.success.json',
			),
		).toEqual({ method: 'GET', path: '/sending/phone-numbers/2345678910' });
	});
});

describe('MailPartner', () => {
	const nobody = { email: '', isBuyer: false, creditToAttribute: 0, title: '', firstName: '', lastName: '' };
	const creating = async (parameters: Parameters<typeof create.run>[0]) =>
		await requestOf(create, mailPartner, parameters, 'mailpartner/create.success.json');

	test('a simple sub-account has its parameters nested, even when there are none', async () => {
		expect(await creating({ type: 'simple', ...nobody })).toEqual({
			method: 'POST',
			path: '/subaccount/create',
			json: { type: 'simple', parameters: {} },
		});
	});

	test('an advanced one always says whether it may buy', async () => {
		const advanced = { type: 'advanced' as const, ...nobody, email: 'owl@wood.fr' };
		expect((await creating(advanced)).json).toEqual({
			type: 'advanced',
			parameters: { email: 'owl@wood.fr', isBuyer: 0 },
		});
		expect((await creating({ ...advanced, isBuyer: true })).json).toMatchObject({
			parameters: { isBuyer: 1 },
		});
	});

	test('all fields go by the names of the provider', async () => {
		expect(
			(
				await creating({
					type: 'advanced',
					email: 'owl@wood.fr',
					isBuyer: false,
					creditToAttribute: 10.5,
					title: 'Owl',
					firstName: 'prenom',
					lastName: 'nom',
				})
			).json,
		).toEqual({
			type: 'advanced',
			parameters: {
				email: 'owl@wood.fr',
				creditToAttribute: 10.5,
				isBuyer: 0,
				title: 'Owl',
				firstname: 'prenom',
				lastname: 'nom',
			},
		});
	});

	test('credit is added and removed at addresses of their own', async () => {
		const parameters = { reference: { by: 'token' as const, value: 'owl' }, amount: 10.5 };
		const json = { credit: '10.5', tokenSubaccount: 'owl' };
		expect(await requestOf(add, mailPartner, parameters, 'mailpartner/add.success.json')).toEqual({
			method: 'POST',
			path: '/subaccount/credit/add',
			json,
		});
		expect(await requestOf(remove, mailPartner, parameters, 'mailpartner/remove.success.json')).toEqual({
			method: 'POST',
			path: '/subaccount/credit/remove',
			json,
		});
	});
});

describe('requests of messages', () => {
	const campaign: Campaign = {
		numbers: [],
		groups: [],
		message: 'Hi',
		subject: '',
		stampToSend: undefined,
		delivery: 'express',
		combineItems: true,
		recipientsPerRequest: 40,
	};
	/** Items by their numbers; a letter each stands for ten digits. */
	const plan = (items: Array<Partial<Campaign>>) =>
		planRequests(
			items.map((given, item) => {
				const own = { ...campaign, ...given };
				const places = own.numbers.map((_, place) => place);
				return { item, campaign: own, places, groups: own.groups.length > 0 };
			}),
		);
	const shape = (items: Array<Partial<Campaign>>) =>
		plan(items).map(({ numbers, items: members }) => `${numbers.join('')}: ${[...members.keys()].join()}`);
	const to = (letters: string, more: Partial<Campaign> = {}): Partial<Campaign> => ({
		numbers: [...letters],
		...more,
	});

	test('what is empty is left out', () => {
		const [batch] = plan([to('a')]);
		expect(sendRequest(batch!)).toEqual({
			method: 'POST',
			path: '/sending/messages',
			form: { PhoneNumbers: ['a'], Message: 'Hi', MessageTypeID: '1' },
		});
		const [groupsOnly] = plan([{ groups: ['Friends'] }]);
		expect(sendRequest(groupsOnly!).form).toEqual({
			Groups: ['Friends'],
			Message: 'Hi',
			MessageTypeID: '1',
		});
	});

	test('all fields go by the names of the provider', () => {
		const [batch] = plan([
			to('ab', {
				groups: ['Friends'],
				subject: 'From Winnie',
				stampToSend: 1305582245,
				delivery: 'standard',
			}),
		]);
		expect(sendRequest(batch!).form).toEqual({
			PhoneNumbers: ['a', 'b'],
			Groups: ['Friends'],
			Subject: 'From Winnie',
			Message: 'Hi',
			StampToSend: '1305582245',
			MessageTypeID: '2',
		});
	});

	test('items of the same text share requests, in the order of the items', () => {
		expect(shape([to('a'), to('b'), to('cd')])).toEqual(['abcd: 0,1,2']);
	});

	test.each([
		['message', { message: 'Ho' }],
		['subject', { subject: 'S' }],
		['time', { stampToSend: 1305582245 }],
		['delivery', { delivery: 'standard' as const }],
	])('items of another %s do not', (_name, other) => {
		expect(shape([to('a'), to('b', other), to('c')])).toEqual(['ac: 0,2', 'b: 1']);
	});

	test('items that are not to be combined go alone, with the same number again', () => {
		const alone = { combineItems: false };
		expect(shape([to('a', alone), to('a', alone), to('bc', alone)])).toEqual(['a: 0', 'a: 1', 'bc: 2']);
	});

	test('a request is full at its limit, and an item stays together where it fits', () => {
		const small = { recipientsPerRequest: 3 };
		expect(shape([to('ab', small), to('cd', small), to('e', small)])).toEqual(['ab: 0', 'cde: 1,2']);
		expect(shape([to('abc', small), to('d', small)])).toEqual(['abc: 0', 'd: 1']);
	});

	test('an item with more numbers than fit takes several requests', () => {
		const small = { recipientsPerRequest: 3 };
		expect(shape([to('abcdefg', small), to('h', small)])).toEqual(['abc: 0', 'def: 0', 'gh: 0,1']);
	});

	test('a number of several items goes out once, and each of them knows by which request', () => {
		expect(shape([to('ab'), to('b'), to('bc')])).toEqual(['abc: 0,1,2']);
		const small = { recipientsPerRequest: 2 };
		expect(shape([to('ab', small), to('c', small), to('ac', small)])).toEqual(['ab: 0,2', 'c: 1,2']);
	});

	test('shared groups are texted once', () => {
		const friends = { groups: ['Friends'] };
		const batches = plan([to('a', friends), to('b', friends), friends]);
		expect(batches).toHaveLength(1);
		expect(batches[0]).toMatchObject({ numbers: ['a', 'b'], groups: ['Friends'] });
		expect([...batches[0]!.items.keys()]).toEqual([0, 1, 2]);
	});

	test('groups of an item that takes several requests are texted once', () => {
		const batches = plan([to('abc', { groups: ['Friends'], recipientsPerRequest: 2 })]);
		expect(batches.map(({ numbers, groups }) => [numbers.join(''), groups])).toEqual([
			['ab', ['Friends']],
			['c', []],
		]);
	});
});
