import { click2Mail } from '../../nodes/Click2MailCredit/provider';
import { clubTexting, DELETED } from '../../nodes/ClubTexting/provider';
import { mailPartner } from '../../nodes/MailPartnerSubaccount/provider';
import type { Provider, Verdict } from '../../nodes/shared/provider';

const entry = { ID: 1 };
const success = JSON.stringify({ Response: { Status: 'Success', Code: 201, Entry: entry } });
const page = '<html><body>Sorry</body></html>';

type Row = [what: string, status: number, text: string, verdict: Partial<Verdict>];

function shows(provider: Provider, rows: Row[]): void {
	test.each(rows)('%s (HTTP %i)', (_what, status, text, verdict) => {
		expect(provider.classify({ status, headers: {}, text })).toEqual(verdict);
	});
}

/** A no that says nothing of the request: believed to concern the whole run when it comes twice in a row. */
const general = <T extends object>(verdict: T) => ({ ...verdict, isGeneral: true });

const done = (value: unknown) => ({ kind: 'done', value }) as const;
const unclear = (why: string) => ({ kind: 'unclear', why }) as const;
const undocumented = (status: number, words?: string) =>
	unclear(
		`a reply that is not one of the documented ones${words === undefined ? '' : `, “${words}”,`} came back (HTTP ${status})`,
	);
const notProcessed = (message: string, code?: string) =>
	({ kind: 'notProcessed', message, ...(code !== undefined && { code }) }) as const;
/** A refusal by the provider's own words. */
const refused = (message: string, code: string, affects?: 'item' | 'run') =>
	({ kind: 'refused', message, code, ...(affects && { affects }) }) as const;
/** A refusal by its HTTP status alone. */
const plain = (message: string, affects: 'item' | 'run' = 'item') =>
	({ kind: 'refused', message, affects }) as const;

describe('Click2Mail says', () => {
	const credit = (fields: string) => `<credit>${fields}</credit>`;
	shows(click2Mail, [
		['a balance', 200, credit('<balance>1.5</balance>'), done({ balance: '1.5' })],
		['a status of 0', 299, credit('<status>0</status>'), done({ status: '0' })],
		['a balance without its frame', 200, '{"balance":1}', done({ balance: 1 })],
		['a status without its frame', 200, '{"status":"0"}', done({ status: '0' })],
		['a success, but redirects', 300, credit('<status>0</status>'), unclear('a success inside HTTP 300')],
		['a success, but fails', 500, credit('<status>0</status>'), unclear('a success inside HTTP 500')],
		['a balance, but fails', 500, credit('<balance>1</balance>'), undocumented(500)],
		['a failure', 200, credit('<status>2</status><description>No</description>'), refused('No', '2')],
		['a failure without words', 200, credit('<status>1</status>'), refused('the request (status 1)', '1')],
		[
			'a failure, and no log-in',
			401,
			credit('<status>2</status>'),
			refused('the request (status 2)', '2', 'run'),
		],
		['a status that is not documented', 200, credit('<status>10</status>'), undocumented(200)],
		['a status below 0', 200, credit('<status>-1</status>'), undocumented(200)],
		['a status of HTTP', 200, '{"status":200,"message":"OK"}', undocumented(200)],
		['a failure of HTTP', 200, '{"status":500}', undocumented(200)],
		[
			'a status that is not documented, and refuses',
			400,
			credit('<status>3</status>'),
			plain('the request was not accepted (HTTP 400)'),
		],
		[
			'a failure in another frame',
			400,
			'<purchase><status>9</status></purchase>',
			refused('the request (status 9)', '9'),
		],
		['a failure, and fails itself', 500, credit('<status>2</status>'), undocumented(500)],
		[
			'a no with a status that is not documented',
			400,
			credit('<status>3</status><description>Too small</description>'),
			plain('Too small (status 3) (HTTP 400)'),
		],
		['a status that is no number', 200, credit('<status>2x</status>'), undocumented(200)],
		['a number with something before it', 200, credit('<status>x2</status>'), undocumented(200)],
		[
			'a status of 0 in another frame',
			200,
			'<job><status>0</status></job>',
			unclear('a success inside HTTP 200'),
		],
		['a balance in another frame', 200, '<job><balance>1</balance></job>', undocumented(200)],
		['a page', 200, page, unclear('a web page came back (HTTP 200)')],
		[
			'half a reply',
			200,
			'<credit><status>0</status>',
			unclear('XML that breaks off or is malformed came back (HTTP 200)'),
		],
		['nothing', 200, '', unclear('an empty reply came back (HTTP 200)')],
		['nothing, and no log-in', 401, '', plain('the log-in is missing or wrong (HTTP 401)', 'run')],
		['nothing, and no access', 403, 'Forbidden', general(plain('access denied (HTTP 403)'))],
	]);
});

describe('Club Texting says', () => {
	const response = (fields: object) => JSON.stringify({ Response: fields });
	const failure = (Code: number) => response({ Status: 'Failure', Code, Errors: ['Bad', 'Worse'] });
	shows(clubTexting, [
		['a success', 200, success, done(entry)],
		['a success without a code', 299, response({ Status: ' SUCCESS ', Entry: entry }), done(entry)],
		['a deletion', 204, '', done(DELETED)],
		['a deletion with a text', 204, 'gone', unclear('plain text came back (HTTP 204)')],
		['nothing', 200, '', unclear('an empty reply came back (HTTP 200)')],
		['a success, but redirects', 300, success, unclear('a success inside HTTP 300')],
		['a success, but fails', 503, success, unclear('a success inside HTTP 503')],
		[
			'a success with the code of a redirection',
			200,
			response({ Status: 'Success', Code: 300 }),
			undocumented(200),
		],
		['a success with a code below', 200, response({ Status: 'Success', Code: 199 }), undocumented(200)],
		[
			'a success with the code of a refusal',
			200,
			response({ Status: 'Success', Code: 404 }),
			undocumented(200),
		],
		[
			'a success with errors',
			200,
			response({ Status: 'Success', Code: 200, Errors: ['Bad'] }),
			undocumented(200, 'Bad'),
		],
		['a refusal', 200, failure(403), refused('Bad; Worse', '403', 'item')],
		[
			'a refusal by its word',
			200,
			response({ Status: 'failure' }),
			refused('the request (code 200)', '200', 'item'),
		],
		['a refusal by its code', 200, response({ Code: 400 }), refused('the request (code 400)', '400', 'item')],
		['a refusal by its errors', 200, response({ Errors: ['Bad'] }), refused('Bad', '200', 'item')],
		['a wrong log-in, by its HTTP status', 401, failure(403), refused('Bad; Worse', '403', 'run')],
		['a wrong log-in, by its code', 200, failure(401), refused('Bad; Worse', '401', 'run')],
		[
			'“Authorization Required”',
			403,
			response({ Status: 'Failure', Code: 403, Errors: ['Authorization Required'] }),
			refused('Authorization Required', '403', 'run'),
		],
		...['Access Forbidden', ' access forbidden '].map((error): Row => [
			`“${error}”`,
			403,
			response({ Status: 'Failure', Code: 403, Errors: [error] }),
			general(refused(error, '403', 'item')),
		]),
		[
			'that access is forbidden, among others',
			403,
			response({ Status: 'Failure', Code: 403, Errors: ['Access Forbidden', 'Bad'] }),
			general(refused('Access Forbidden; Bad', '403', 'item')),
		],
		['a code below those of refusals', 200, response({ Code: 399 }), undocumented(200)],
		[
			'a refusal with the code of a success',
			200,
			response({ Status: 'Failure', Code: 201 }),
			refused('the request (code 201)', '201', 'item'),
		],
		['errors that are a single text', 403, response({ Errors: 'Bad' }), refused('Bad', '403', 'item')],
		...[
			{ PhoneNumbers: ['Bad', 'Worse'], Message: 'Long' },
			{ PhoneNumbers: { isDigits: 'Bad', isLong: 'Worse' }, Message: { 0: 'Long' } },
			[{ PhoneNumbers: ['Bad', 'Worse'] }, { Error: { Message: 'Long' } }],
		].map((Errors): Row => [
			`errors by the names of their fields: ${JSON.stringify(Errors)}`,
			403,
			response({ Status: 'Failure', Code: 403, Errors }),
			refused('PhoneNumbers: Bad; PhoneNumbers: Worse; Message: Long', '403', 'item'),
		]),
		['neither', 200, response({ Status: 'Queued' }), undocumented(200)],
		['the code of a success alone', 200, response({ Code: 201 }), undocumented(200)],
		['a refusal, and fails', 500, failure(403), undocumented(500, 'Bad; Worse')],
		['a refusal with the code of a failure', 200, failure(500), undocumented(200, 'Bad; Worse')],
		['a refusal with the code of a failure', 400, failure(500), plain('Bad; Worse (HTTP 400)')],
		['that it is too much', 503, failure(503), notProcessed('Bad; Worse', '503')],
		[
			'that it is too much, of a success',
			503,
			failure(503).replace('Bad', 'No success'),
			notProcessed('No success; Worse', '503'),
		],
		[
			'that it is too much, without words',
			503,
			response({ Status: 'Failure' }),
			notProcessed('too many requests at the moment', '503'),
		],
		...['', 'Service Unavailable', page, '{"Response":'].map((text): Row => [
			`“${text}”, and that it is too much`,
			503,
			text,
			notProcessed('too many requests at the moment', '503'),
		]),
		...[success.slice(0, -1), '<html>Success</html>', '{"Status":"Success"}'].map((text): Row => [
			`“${text}”, and that it is too much`,
			503,
			text,
			unclear('a success inside HTTP 503'),
		]),
		[
			'errors in XML that can’t be read',
			403,
			'<Response><Error> Fish & chips </Error><Error>No</Error></Response>',
			refused('Fish & chips; No', '403', 'item'),
		],
		[
			'errors in XML that can’t be read, and fails',
			500,
			'<Response><Error>Fish & chips</Error></Response>',
			unclear('XML that breaks off or is malformed came back (HTTP 500)'),
		],
	]);
});

describe('MailPartner says', () => {
	const xml = (...entries: string[]) =>
		`<result>${entries.map((text) => `<entry>${text}</entry>`).join('')}</result>`;
	const created = '<entry>owl@wood.fr</entry><entry>token</entry>';
	const known = { success: true, code: '200' };
	shows(mailPartner, [
		['a success', 200, '{"success":true,"code":200}', done({ success: true, code: 200 })],
		['a success without a code', 299, '{"success":true}', done({ success: true })],
		[
			'a success, but redirects',
			300,
			'{"success":true}',
			unclear('a success with code null inside HTTP 300'),
		],
		[
			'a success with another code',
			200,
			'{"success":true,"code":3}',
			unclear('a success with code 3 inside HTTP 200'),
		],
		['a refusal', 200, '{"success":false,"code":7,"message":"Non"}', refused('Non', '7', 'item')],
		[
			'a refusal without words',
			200,
			'{"success":false,"code":7}',
			refused('the request (code 7)', '7', 'item'),
		],
		['an error that is a text', 200, '{"success":false,"code":9,"error":"Non"}', refused('Non', '9', 'item')],
		['a refusal with the code of a success', 200, '{"success":false,"code":200}', undocumented(200)],
		['the code of a success alone', 200, '{"code":200}', undocumented(200)],
		['a refusal without a code', 200, '{"success":false}', undocumented(200)],
		['a code that is not documented', 200, '{"success":false,"code":500}', undocumented(200)],
		...[1, 10].map((code): Row => [
			`a wrong key (code ${code})`,
			200,
			`{"success":false,"code":${code},"message":"Non"}`,
			refused('Non', String(code), 'run'),
		]),
		...[20, 30, 40, 96].map((code): Row => [
			`no entry (code ${code})`,
			200,
			`{"success":false,"code":${code},"message":"Non"}`,
			general(refused('Non', String(code), 'item')),
		]),
		[
			'a refusal, and no log-in',
			401,
			'{"success":false,"code":7}',
			refused('the request (code 7)', '7', 'run'),
		],
		['that it is too much', 429, '', notProcessed('too many requests at the moment (HTTP 429)')],
		[
			'that it is too much, by its code',
			200,
			'{"success":false,"code":429,"message":"Trop"}',
			notProcessed('Trop', '429'),
		],
		[
			'a success, and that it is too much',
			429,
			'{"success":true,"code":200}',
			unclear('a success with code 200 inside HTTP 429'),
		],
		['half a success, and that it is too much', 429, '{"success":true', unclear('a success inside HTTP 429')],
		[
			'errors of fields',
			400,
			'{"success":false,"code":9,"errors":[{"message":"A"},{"field":"b"}],"error":["C"]}',
			refused('A; C', '9', 'item'),
		],
		[
			'errors of fields, named in one way or another',
			400,
			JSON.stringify({
				success: false,
				code: 9,
				message: 'Formulaire invalide',
				errors: [
					{ elementId: 'children[parameters].children[email].data', message: 'A' },
					{ field: 'isBuyer', message: 'B' },
				],
				error: { creditToAttribute: ['C', 'D'], other: 'E' },
			}),
			refused(
				'Formulaire invalide; “Email”: A; “Is Buyer”: B; “Starting Credit”: C; “Starting Credit”: D; “other”: E',
				'9',
				'item',
			),
		],
		[
			'a no with a code that is not documented',
			422,
			'{"success":false,"code":777,"message":"Le tarif est inconnu"}',
			plain('Le tarif est inconnu (code 777) (HTTP 422)'),
		],
		['a no without a code', 400, '{"message":"Non"}', plain('Non (HTTP 400)')],
		[
			'a failure with a code that is not documented',
			200,
			'{"success":false,"code":777,"message":"Le tarif est inconnu"}',
			undocumented(200, 'Le tarif est inconnu (code 777)'),
		],
		['a refusal, and fails', 500, '{"success":false,"code":7}', undocumented(500)],
		['neither', 200, '{"success":"yes"}', undocumented(200)],
		['a page', 200, page, unclear('a web page came back (HTTP 200)')],
		['nothing', 200, '', unclear('an empty reply came back (HTTP 200)')],
		[
			'a creation in XML',
			200,
			xml('1', '200', created, 'owl@wood.fr', 'rabbit@wood.fr'),
			done({
				...known,
				subaccount: { email: 'owl@wood.fr', token: 'token' },
				sendConfirmMailTo: 'owl@wood.fr',
				parent_email: 'rabbit@wood.fr',
			}),
		],
		[
			'a creation in XML without a confirmation',
			200,
			xml('1', '200', created, 'rabbit@wood.fr'),
			done({
				...known,
				subaccount: { email: 'owl@wood.fr', token: 'token' },
				sendConfirmMailTo: undefined,
				parent_email: 'rabbit@wood.fr',
			}),
		],
		['a success in XML with a text in its third place', 200, xml('1', '200', 'owl'), done(known)],
		['a success in XML with nothing in its third place', 200, xml('1', '200'), done(known)],
		[
			'a success in XML with half an account',
			200,
			xml('1', '200', '<entry>owl@wood.fr</entry>'),
			done(known),
		],
		['a success in XML with more than is known', 200, xml('1', '200', created, 'a', 'b', 'c'), done(known)],
		['a refusal in XML', 403, xml('0', '10', 'Non'), refused('Non', '10', 'run')],
		['XML of one entry', 200, xml('1'), undocumented(200)],
	]);
});

describe('whoever it is', () => {
	const meanings: Record<number, string> = {
		401: 'the log-in is missing or wrong',
		403: 'access denied',
		404: 'there is nothing at this address',
		413: 'the request is too large',
		429: 'too many requests at the moment',
	};
	const refusals = [
		400, 401, 402, 403, 404, 405, 406, 407, 410, 411, 413, 414, 415, 417, 421, 422, 426, 428, 429, 431, 451,
	];

	test.each([
		{ provider: click2Mail, notProcessedBy: undefined },
		{ provider: clubTexting, notProcessedBy: 503 },
		{ provider: mailPartner, notProcessedBy: 429 },
	])('$provider.name: a status tells what a page does not', ({ provider, notProcessedBy }) => {
		for (let status = 200; status < 600; status++) {
			for (const [text, what] of [
				[page, 'a web page'],
				['No', 'plain text'],
				['', 'an empty reply'],
			] as const) {
				// Club Texting says so that it has deleted something.
				if (provider === clubTexting && status === 204 && text === '') continue;
				const verdict = provider.classify({ status, headers: {}, text });
				const message = `${meanings[status] ?? 'the request was not accepted'} (HTTP ${status})`;
				if (status === notProcessedBy) expect(verdict.kind).toBe('notProcessed');
				else if (!refusals.includes(status)) {
					expect(verdict).toEqual(unclear(`${what} came back (HTTP ${status})`));
				} else {
					const expected = plain(message, [401, 407].includes(status) ? 'run' : 'item');
					expect(verdict).toEqual(status === 403 ? general(expected) : expected);
				}
			}
		}
	});
});

test('what each keeps secret', () => {
	const credential = { username: 'winnie', password: 'honey', apiKey: 'bees' };
	const pair = Buffer.from('winnie:honey').toString('base64');
	expect(click2Mail.secrets(credential)).toEqual(['honey', pair]);
	expect(clubTexting.secrets(credential)).toEqual(['honey']);
	expect(mailPartner.secrets(credential)).toEqual(['bees']);
	for (const { secrets } of [clubTexting, mailPartner]) expect(secrets({})).toEqual(['']);
});
