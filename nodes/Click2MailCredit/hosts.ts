/** Click2Mail's addresses by the credential's environment. Source: Click2Mail, API 101 page. */
export const CLICK2MAIL_HOSTS = {
	production: 'https://rest.click2mail.com/molpro',
	staging: 'https://stage-rest.click2mail.com/molpro',
};
