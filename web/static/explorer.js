// Starts the GOV.UK Frontend components on a page. Every page works without it.
import { initAll } from './govuk-frontend-6.3.0/govuk-frontend.min.js'

initAll()
