import type { ICredentialTestRequest, ICredentialType, IDataObject, INodeProperties } from 'n8n-workflow';
import { CLUB_TEXTING_HOSTS } from '../nodes/ClubTexting/provider';
import { baseUrlExpression, loggingIn, pastedLogin } from '../nodes/shared/http/baseUrl';
import {
	baseUrlField,
	bodyRule,
	busyRules,
	environmentField,
	nothingRules,
	secretField,
	statusRule,
	troubleRules,
} from '../nodes/shared/operation/credentialForm';
import { choice, choiceField, textField } from '../nodes/shared/operation/fields';

/** n8n has one text for all environments. */
const BRAND = 'Club Texting (or the brand that is set as the environment)';
const WRONG_LOGIN = `${BRAND} does not accept this user name and password.`;
const DENIED = `${BRAND} denies access: check user name and password, and ask its support whether API access is switched on for the account.`;
const ELSEWHERE = `What answers at this address is not ${BRAND}. Check the environment and the base URL.`;

/**
 * Log-in of an account at Club Texting or a sister brand: `User` and `Password` stand in the form of a POST and in the query of every other
 * request. Source: Club Texting, REST API documentation.
 */
export class ClubTextingApi implements ICredentialType {
	name = 'clubTextingApi';

	displayName = 'Club Texting API';

	icon = { light: 'file:../icons/clubtexting.svg', dark: 'file:../icons/clubtexting.dark.svg' } as const;

	documentationUrl =
		'https://github.com/messaging-credits/n8n-nodes-messaging-credits/blob/main/docs/credentials.md#club-texting-api';

	properties: INodeProperties[] = [
		environmentField(
			[
				choice(
					'EZ Texting',
					'ezTexting',
					'Real texts and real charges of an EZ Texting account, at app.eztexting.com',
				),
				choice(
					'Group Texting',
					'groupTexting',
					'Real texts and real charges of a Group Texting account, at app.grouptexting.com',
				),
				choice(
					'Production',
					'production',
					'Real texts and real charges of a Club Texting account, at app.clubtexting.com',
				),
				choice(
					'TellMyCell',
					'tellMyCell',
					'Real texts and real charges of a TellMyCell account, at app.tellmycell.com',
				),
			],
			'The brand that the account is with; its sister brands have the same API. It is closed to new customers: an account that was opened lately needs the EZ Texting API credential and the EZ Texting node.',
		),
		baseUrlField(CLUB_TEXTING_HOSTS),
		textField('Username', 'username', {
			required: true,
			description: 'API access has to be switched on for the account; ask the support of the brand',
		}),
		secretField('Password', 'password'),
		choiceField('Country', 'country', 'us', {
			options: [
				choice('Canada', 'ca', 'Up to 136 characters; Club Texting’s short code is 212121'),
				choice('United States', 'us', 'Up to 160 characters; Club Texting’s short code is 25827'),
			],
			description: 'The country the account is set to. It decides how long a message may be.',
		}),
	];

	get authenticate() {
		return loggingIn(CLUB_TEXTING_HOSTS, ({ username, password }, request) => {
			const login = { User: pastedLogin(username), Password: pastedLogin(password) };
			if (request.method !== 'POST') return { qs: { ...request.qs, ...login } };
			// n8n's HTTP Request node has the fields of a form in `form`.
			const { body, form } = request as { body?: IDataObject; form?: IDataObject };
			return form ? { form: { ...login, ...form } } : { body: { ...login, ...body } };
		});
	}

	test: ICredentialTestRequest = {
		request: {
			baseURL: baseUrlExpression(CLUB_TEXTING_HOSTS),
			url: '/billing/credits/get',
			qs: { format: 'json' },
			disableFollowRedirect: true,
		},
		rules: [
			statusRule(401, WRONG_LOGIN),
			statusRule(403, DENIED),
			...busyRules(`${BRAND} gets too many requests at the moment`),
			statusRule(500, `Something is broken at ${BRAND}: open a ticket with its support.`),
			...troubleRules(BRAND),
			statusRule(404, ELSEWHERE),
			bodyRule('Response.Code', 401, WRONG_LOGIN),
			bodyRule('Response.Status', 'Failure', DENIED),
			...nothingRules('Response.Entry.TotalCredits', ELSEWHERE),
		] as ICredentialTestRequest['rules'],
	};
}
