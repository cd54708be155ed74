// Drives the emulator through ksef-client-ts; prints what happened as JSON.
import { readFileSync } from 'node:fs';

const job = JSON.parse(readFileSync(0, 'utf8'));
const ts = await import(job.module);
const poll = { intervalMs: 20, maxAttempts: 500 };
const client = () => new ts.KSeFClient({ baseUrl: job.url.replace(/\/v2$/, ''), rateLimit: null });
const told = {};

for (const [kind, pair] of Object.entries(job.certificates)) {
  const user = client();
  await user.loginWithCertificate(pair.certificate, pair.key, job.nip);
  told[`login ${kind}`] = (await user.limits.getRateLimits()).invoiceExport.perHour;
}

const user = client();
await user.loginWithToken(job.token, job.nip);
const upo = await ts.openSendAndClose(user, [job.invoice], { pollOptions: poll });
told.online = upo.pages.length;

const archive = await ts.createZip(job.batch.map((content, place) => ({
  fileName: `${place}.xml`, content: Buffer.from(content),
})));
const batch = await ts.uploadBatch(user, archive, { pollOptions: poll });
told.batch = batch.upo.pages.length;

const exported = await ts.exportAndDownload(user, {
  subjectType: 'Subject1',
  dateRange: {
    dateType: 'PermanentStorage', from: job.since, restrictToPermanentStorageHwmDate: true,
  },
}, { extract: true, pollOptions: poll });
told.exported = [...exported.files.keys()].filter((name) => name.endsWith('.xml')).length;

const owner = client();
await owner.loginWithCertificate(job.certificates.ec.certificate, job.certificates.ec.key, job.nip);
const data = await owner.certificates.getEnrollmentData();
told.enrollment = data.organizationIdentifier;
const made = await owner.tokens.generateToken({
  permissions: ['InvoiceRead'], description: 'Token z klienta TypeScript',
});
told.token = made.referenceNumber.length;
const granted = await owner.permissions.grantEntityPermissions({
  subjectIdentifier: { type: 'Nip', value: job.office },
  permissions: [{ type: 'InvoiceRead', canDelegate: true }],
  description: 'Biuro rachunkowe',
  subjectDetails: { fullName: 'Biuro próbne' },
});
told.grant = (await owner.permissions.getOperationStatus(granted.referenceNumber)).status.code;
process.stdout.write(JSON.stringify(told));
