import { address, word } from '../registered/examples.ts'

/** What the documentation shows of cases. */

const matter = 'company-address-change'
const applied = { newAddress: '杨浦区示例路100号8层' }
const [applicant, landlord] = [word('3'), word('7')]
const [counter, bureau] = [address('2'), address('4')]

export const opening = {
  case: '001900000100001',
  matter: { code: matter },
  applicant,
  parties: { LANDLORD: [landlord] },
  channel: 'counter',
  fields: applied,
}

export const staging = { stage: 'decided', outcome: 'granted' }

export const found = {
  ...opening,
  matter: { code: matter, version: 1 },
  day: '2026-01-02',
  acceptedBy: counter,
  decidedBy: bureau,
  index: 41,
  at: '2026-01-02T03:04:05.678Z',
  stages: [{ stage: 'accepted', index: 42, at: '2026-01-02T03:05:05.678Z', by: counter }],
  next: 'reviewed',
}

export const request = {
  matter,
  applicant,
  parties: { LANDLORD: [landlord] },
  fields: applied,
}

const mask = `0x${'0'.repeat(63)}1`

export const resolution = {
  matters: [{ code: matter, version: 1 }],
  day: '2026-01-02',
  at: 1_767_323_045,
  materials: [
    {
      material: 'PROPERTY_CERT',
      version: 1,
      name: '不动产权证书',
      holder: 'LANDLORD',
      necessity: 'required',
      askedBy: [matter],
      way: 'certificatePull',
      state: 'grantMissing',
      candidate: {
        kind: 'certificate',
        id: 'certificate-1',
        index: 7,
        at: '2025-05-18T03:04:05.678Z',
        grants: [],
      },
      rejected: [
        {
          kind: 'certificate',
          id: 'certificate-0',
          index: 3,
          code: 'CERTIFICATE_NOT_USABLE',
          status: 5,
        },
      ],
      more: false,
      missing: [{ holder: landlord, code: 'GRANT_MISSING' }],
      fields: [
        {
          name: 'location',
          label: '坐落',
          source: { kind: 'certificate', id: 'certificate-1', field: 'location' },
        },
      ],
    },
  ],
  rules: [
    {
      matter,
      id: 'location-applied',
      text: '坐落与申请住所一致',
      result: 'unknown',
      because: 'GRANT_MISSING',
    },
  ],
  requests: [
    {
      holder: landlord,
      materials: ['PROPERTY_CERT'],
      items: [{ certificateType: '11100000MB03271699001', fields: ['location'], may: 'copy' }],
      purposes: [{ matter, department: bureau }],
      draft: {
        holder: landlord,
        grantee: bureau,
        items: mask,
        purposes: mask,
        notBefore: 1_767_323_045,
        notAfter: 1_769_915_045,
        depth: 0,
        uses: 1,
      },
    },
  ],
  figures: { required: 1, exempted: 1, fields: 1, prefilled: 0 },
  complete: false,
}
