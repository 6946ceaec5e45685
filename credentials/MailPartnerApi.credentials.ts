import type { ICredentialTestRequest, ICredentialType, IDataObject, INodeProperties } from 'n8n-workflow';
import { keyOf, MAIL_PARTNER_HOSTS } from '../nodes/MailPartnerSubaccount/provider';
import { baseUrlExpression, loggingIn } from '../nodes/shared/http/baseUrl';
import {
	baseUrlField,
	bodyRule,
	environmentField,
	nothingRules,
	secretField,
} from '../nodes/shared/operation/credentialForm';
import { choice } from '../nodes/shared/operation/fields';

/** n8n has one text for all environments. */
const BRAND = 'MailPartner (or SMS Partner)';

/** Source: MailPartner, the error tables of its pages. */
const REFUSALS: Array<[code: number, message: string]> = [
	[1, `${BRAND} got no API key: fill it in (La Clé API est requise).`],
	[10, `${BRAND} does not accept this API key: copy it again from the dashboard (Clé API incorrecte).`],
	[20, `The account is closed: ask ${BRAND} how to open it again (Compte désactivé).`],
	[30, `The account is blocked: ask ${BRAND} how to open it again (Compte bloqué).`],
	[40, `Ask ${BRAND} to switch API access on for this account (L'accès à l'API est refusé).`],
	[96, `Ask ${BRAND} to allow the IP address of this n8n (L'IP n'est pas autorisée).`],
	[429, `There were too many requests: wait a minute and test again (Trop de requêtes).`],
];

/**
 * API key of an account at MailPartner or SMS Partner: it stands in the JSON body of a POST and in the query of a GET. Source:
 * MailPartner, sub-account pages and introduction.
 */
export class MailPartnerApi implements ICredentialType {
	name = 'mailPartnerApi';

	displayName = 'MailPartner API';

	icon = { light: 'file:../icons/mailpartner.svg', dark: 'file:../icons/mailpartner.dark.svg' } as const;

	documentationUrl =
		'https://github.com/messaging-credits/n8n-nodes-messaging-credits/blob/main/docs/credentials.md#mailpartner-api';

	properties: INodeProperties[] = [
		environmentField(
			[
				choice('Production', 'production', 'Real credit of a MailPartner account, at api.mailpartner.fr'),
				choice('SMS Partner', 'smsPartner', 'Real credit of an SMS Partner account, at api.smspartner.fr'),
			],
			'The brand that the account is with; both have the same sub-accounts',
		),
		baseUrlField(MAIL_PARTNER_HOSTS),
		secretField('API Key', 'apiKey', {
			description:
				'The key of the main account, in the brand’s dashboard under API. Sub-accounts have to be enabled by the brand.',
		}),
	];

	get authenticate() {
		return loggingIn(MAIL_PARTNER_HOSTS, (credential, { method, body, qs }) => {
			const login = { apiKey: keyOf(credential) };
			if (method !== 'POST') return { qs: { ...qs, ...login } };
			return { body: { ...login, ...(body as IDataObject | undefined) } };
		});
	}

	test: ICredentialTestRequest = {
		request: {
			baseURL: baseUrlExpression(MAIL_PARTNER_HOSTS),
			url: '/me',
			disableFollowRedirect: true,
			// Refusals come with any HTTP status; n8n looks into a reply only where it does not fail for its status.
			ignoreHttpStatusErrors: true,
		},
		rules: [
			// Some of its replies have numbers and booleans as texts.
			...REFUSALS.flatMap(([code, message]) =>
				[code, String(code)].map((value) => bodyRule('code', value, message)),
			),
			...[false, 'false', 0, '0'].map((value) =>
				bodyRule(
					'success',
					value,
					`${BRAND} refused for a reason that it does not document. “Get Balance” of the node shows its words.`,
				),
			),
			...nothingRules(
				'credits.balance',
				`What answers at this address is not ${BRAND}, or it is in trouble. Check the environment and the base URL, or test again in a few minutes.`,
			),
		],
	};
}
