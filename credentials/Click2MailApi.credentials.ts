import type { ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';
import { CLICK2MAIL_HOSTS } from '../nodes/Click2MailCredit/provider';
import { baseUrlExpression, basicLogin, loggingIn } from '../nodes/shared/http/baseUrl';
import {
	baseUrlField,
	bodyRule,
	busyRules,
	environmentField,
	secretField,
	statusRule,
	troubleRules,
} from '../nodes/shared/operation/credentialForm';
import { choice, textField } from '../nodes/shared/operation/fields';

const ELSEWHERE = 'What answers at this address is not Click2Mail. Check the environment and the base URL.';

/**
 * How a web page or a text begins, and no reply of Click2Mail: by the place of a sign, behind a blank line or not. In XML,
 * n8n's test can compare no more than such signs.
 */
const NO_REPLY = [
	...['1', '2', '3'].flatMap((place) => ['!', 'h', 'H'].map((sign) => [place, sign] as const)),
	...['ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'].flatMap((letters) =>
		[...letters].map((letter) => ['0', letter] as const),
	),
	['length', 0] as const,
];

const REFUSED =
	'Click2Mail answers, but refuses to tell the credit. “Credit: Get Balance” of the node shows its words.';

/**
 * A refusal inside HTTP 200. n8n's test looks into JSON alone, so it asks for that: Click2Mail does not promise it, but
 * third-party clients read the credit from it. One that comes in XML all the same shows in the node's first run.
 */
const REFUSAL_IN_JSON = ['status', 'credit.status'].flatMap((key) =>
	[1, 2, 9].flatMap((status) => [status, String(status)].map((value) => [key, value] as const)),
);

/**
 * Log-in of a Click2Mail account: HTTP Basic authentication with user name and password. Staging and production have
 * accounts of their own. Source: Click2Mail, API 101 and Add Credit pages.
 */
export class Click2MailApi implements ICredentialType {
	name = 'click2MailApi';

	displayName = 'Click2Mail API';

	icon = { light: 'file:../icons/click2mail.svg', dark: 'file:../icons/click2mail.dark.svg' } as const;

	documentationUrl =
		'https://github.com/messaging-credits/n8n-nodes-messaging-credits/blob/main/docs/credentials.md#click2mail-api';

	properties: INodeProperties[] = [
		environmentField(
			[
				choice('Production', 'production', 'Real mail and real charges, at rest.click2mail.com'),
				choice('Staging', 'staging', 'Play money, at stage-rest.click2mail.com; needs an account of its own'),
			],
			'Which of Click2Mail’s sites to use. Their accounts are separate.',
		),
		baseUrlField(CLICK2MAIL_HOSTS),
		textField('Username', 'username', {
			required: true,
			description: 'The user name you log in with at Click2Mail; upper and lower case matter',
		}),
		secretField('Password', 'password', {
			description: 'Several wrong passwords in a row make Click2Mail lock the account for a while',
		}),
	];

	get authenticate() {
		return loggingIn(CLICK2MAIL_HOSTS, (credential) => ({
			auth: { ...basicLogin(credential), sendImmediately: true },
		}));
	}

	test: ICredentialTestRequest = {
		request: {
			baseURL: baseUrlExpression(CLICK2MAIL_HOSTS),
			url: '/credit',
			headers: { Accept: 'application/json, application/xml;q=0.9' },
			disableFollowRedirect: true,
		},
		rules: [
			statusRule(401, 'Click2Mail does not accept this user name and password for this environment.'),
			...busyRules('Click2Mail is too busy at the moment'),
			...troubleRules('Click2Mail'),
			statusRule(404, ELSEWHERE),
			...['balance', 'credit.balance'].map((key) => bodyRule(key, null, REFUSED)),
			...REFUSAL_IN_JSON.map(([key, value]) => bodyRule(key, value, REFUSED)),
			...NO_REPLY.map(([key, value]) => bodyRule(key, value, ELSEWHERE)),
		] as ICredentialTestRequest['rules'],
	};
}
