// Drives the emulator through ksef-client-ts; prints what happened as JSON.
import { readFileSync } from 'node:fs';

const job = JSON.parse(readFileSync(0, 'utf8'));
const ts = await import(job.module);
const poll = { intervalMs: 20, maxAttempts: 500 };
const client = () => new ts.KSeFClient({ baseUrl: job.url.replace(/\/v2$/, ''), rateLimit: null });
const told = {};

// Login by signature: RSA and EC, and the session that follows.
for (const [kind, pair] of Object.entries(job.certificates)) {
  const user = client();
  await user.loginWithCertificate(pair.certificate, pair.key, job.nip);
  told[`login ${kind}`] = (await user.limits.getRateLimits()).invoiceExport.perHour;
}

// Login by token; an invoice online to its UPO.
const user = client();
await user.loginWithToken(job.token, job.nip);
const upo = await ts.openSendAndClose(user, [job.invoice], { pollOptions: poll });
told.online = upo.pages.length;

// A batch, as Zip and as tar.gz.
const files = (contents) => contents.map((content, place) => ({
  fileName: `${place}.xml`, content: Buffer.from(content),
}));
const zip = await ts.createZip(files(job.batch));
told.batch = (await ts.uploadBatch(user, zip, { pollOptions: poll })).upo.pages.length;
const tar = await ts.createTarGz(files(job.tar));
told.tar = (await ts.uploadBatch(user, tar, {
  pollOptions: poll, compressionType: 'TarGz', maxPartSize: 300,
})).upo.pages.length;

// An export at once, then incrementally: truncated packages lead on to the end.
const exported = await ts.exportAndDownload(user, {
  subjectType: 'Subject1',
  dateRange: {
    dateType: 'PermanentStorage', from: job.since, restrictToPermanentStorageHwmDate: true,
  },
}, { extract: true, pollOptions: poll });
told.exported = [...exported.files.keys()].filter((name) => name.endsWith('.xml')).length;

const buyer = client();
await buyer.loginWithToken(job.buyer.token, job.buyer.nip);
const points = {};
const incremental = await ts.incrementalExportAndDownload(buyer, {
  subjectType: 'Subject2', windowFrom: job.since, windowTo: new Date().toISOString(),
  continuationPoints: points, pollOptions: poll,
});
const seen = new Set();
for (const part of incremental.decryptedParts) {
  for (const name of (await ts.unzip(Buffer.from(part))).keys()) {
    if (name.endsWith('.xml')) seen.add(name);
  }
}
told.incremental = [incremental.iterationCount, seen.size];

const owner = client();
await owner.loginWithCertificate(job.certificates.ec.certificate, job.certificates.ec.key, job.nip);

// A certificate of KSeF: enrolled, retrieved, logged in with, revoked.
const data = await owner.certificates.getEnrollmentData();
told.enrollment = data.organizationIdentifier;
await owner.crypto.init();
// the client calls the country otherwise than the specification does
const csr = await owner.crypto.generateCsrEcdsa({ ...data, countryCode: data.countryName });
const order = await owner.certificates.enroll({
  certificateName: 'Certyfikat TS', certificateType: 'Authentication',
  csr: Buffer.from(csr.csrDer).toString('base64'),
});
const issued = await owner.certificates.getEnrollmentStatus(order.referenceNumber);
const serial = issued.certificateSerialNumber;
const got = await owner.certificates.retrieve({ certificateSerialNumbers: [serial] });
const lines = got.certificates[0].certificate.match(/.{1,64}/g).join('\n');
const pem = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
await client().loginWithCertificate(pem, csr.privateKeyPem, job.nip);
await owner.certificates.revoke(serial, { revocationReason: 'Superseded' });
const listed = await owner.certificates.query({ certificateSerialNumber: serial });
told.certificate = [issued.status.code, listed.certificates[0].status];

// A token: made, listed, used, revoked.
const made = await owner.tokens.generateToken({
  permissions: ['InvoiceRead'], description: 'Token z klienta TypeScript',
});
await client().loginWithToken(made.token, job.nip);
const active = await owner.tokens.queryTokens({ status: ['Active'] });
await owner.tokens.revokeToken(made.referenceNumber);
told.token = [
  active.tokens.some((token) => token.referenceNumber === made.referenceNumber),
  (await owner.tokens.getToken(made.referenceNumber)).status,
];

// Permissions: granted to an office and a person, found, taken back.
const granted = await owner.permissions.grantEntityPermissions({
  subjectIdentifier: { type: 'Nip', value: job.office },
  permissions: [{ type: 'InvoiceRead', canDelegate: true }],
  description: 'Biuro rachunkowe',
  subjectDetails: { fullName: 'Biuro próbne' },
});
const status = async (operation) => (
  (await owner.permissions.getOperationStatus(operation.referenceNumber)).status.code
);
await owner.permissions.grantPersonPermissions({
  subjectIdentifier: { type: 'Pesel', value: '85050512399' },
  permissions: ['InvoiceRead'],
  description: 'Pracownik',
  subjectDetails: {
    subjectDetailsType: 'PersonByIdentifier',
    personById: { firstName: 'Anna', lastName: 'Próbna' },
  },
});
const persons = () => owner.permissions.queryPersonsGrants({
  queryType: 'PermissionsInCurrentContext',
  authorizedIdentifier: { type: 'Pesel', value: '85050512399' },
});
const before = (await persons()).permissions;
const revoked = await owner.permissions.revokeCommonGrant(before[0].id);
told.permissions = [
  await status(granted), before.length, await status(revoked), (await persons()).permissions.length,
];
process.stdout.write(JSON.stringify(told));
