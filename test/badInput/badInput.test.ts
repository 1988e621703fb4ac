import { badBenefits } from './benefits.ts'
import { badStages } from './cases.ts'
import { badDocuments } from './documents.ts'
import { badFields } from './fields.ts'
import { badMaterials } from './materials.ts'
import { badMatters } from './matters.ts'
import { badRequests } from './requests.ts'
import { Counter } from './support/counter.ts'

describe('bad input over HTTP on one node', () => {
  let counter: Counter
  before(async () => {
    counter = await Counter.open()
  })
  after(() => counter.close())

  describe('matters', () => badMatters(() => counter))
  describe('fields', () => badFields(() => counter))
  describe('materials', () => badMaterials(() => counter))
  describe('a PDF', () => badDocuments(() => counter))
  describe('stages', () => badStages(() => counter))
  describe('requests for grants', () => badRequests(() => counter))
  describe('benefits', () => badBenefits(() => counter))
})
