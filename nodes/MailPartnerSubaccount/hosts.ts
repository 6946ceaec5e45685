/**
 * The addresses of MailPartner and its sister brand by the credential's environment; both have the same calls for
 * sub-accounts. Source: MailPartner, sub-account pages; SMS Partner, the same pages.
 */
export const MAIL_PARTNER_HOSTS = {
	production: 'https://api.mailpartner.fr/v1',
	smsPartner: 'https://api.smspartner.fr/v1',
};

/** The sister brand as texts name it. */
export const MAIL_PARTNER_BRANDS = { smsPartner: 'SMS Partner' };
