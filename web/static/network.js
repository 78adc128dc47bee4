// Draws the network picture where the server placed it, and adds to it on demand. The tables on the page say the same
// and work without this file. Nothing is ever moved or laid out here.
import { DataSet, Network } from './vis-network-10.1.5/vis-network.min.js'

const KINDS = { people: 'Person', addresses: 'Address', services: 'Service', practitioners: 'Practitioner' }
const find = (id) => document.getElementById(id)

const start = JSON.parse(find('network-data').textContent)
const frame = document.querySelector('.app-network__frame')
const canvas = frame.querySelector('.app-network__canvas')
const chooser = find('picture-chooser')
const personAddress = chooser.dataset.address.split('/').slice(0, -2).join('/')
const dataAddress = chooser.dataset.address.replace('/person/', '/network/').replace(/\/family$/, '.json')

let labelled = start.labelled
let additions = chooser.dataset.additions.split(' ').filter(Boolean)
let chosen = chooser.dataset.chosen

const dressed = (edge) => ({ ...edge, font: { size: labelled || touches(edge) ? 14 : 0 } })
const touches = (edge) => edge.from === chosen || edge.to === chosen

const nodes = new DataSet(start.nodes)
const edges = new DataSet(start.edges.map(dressed))

frame.hidden = false
export const network = new Network(canvas, { nodes, edges }, start.options)
// The picture has a text alternative; its canvas must not be one more empty stop for the keyboard.
for (const inner of canvas.querySelectorAll('[tabindex]')) inner.tabIndex = -1
network.selectNodes([chosen])
fit()

network.on('afterDrawing', (drawing) => {
  drawing.strokeStyle = '#0b0c0c'
  drawing.lineWidth = 2
  for (const node of nodes.get({ filter: (one) => one.died })) {
    const { x, y } = network.getPosition(node.id)
    const reach = node.shape === 'dot' ? 15 : 21
    drawing.beginPath()
    drawing.moveTo(x - reach, y - reach)
    drawing.lineTo(x + reach, y + reach)
    drawing.moveTo(x + reach, y - reach)
    drawing.lineTo(x - reach, y + reach)
    drawing.stroke()
  }
})

network.on('selectNode', ({ nodes: [id] }) => {
  if (nodes.get(id).kind === 'people') choose(id)
})
chooser.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-of], a[data-kind]')
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  const { of, kind } = link.dataset
  if (of) choose(of)
  else load([...additions, `${kind}.${chosen}`], chosen)
})
const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor })
const TOOLS = { in: () => zoom(1.25), out: () => zoom(0.8), fit }
for (const button of frame.querySelectorAll('[data-tool]')) {
  button.addEventListener('click', () => TOOLS[button.dataset.tool](true))
}

function choose (id) {
  load(additions, id)
}

// A phone starts near the person of the page, large enough to read; elsewhere everything is in view.
function fit (event) {
  network.fit({ animation: false, maxZoomLevel: 1.15 })
  if (!event && canvas.clientWidth < 600 && network.getScale() < 0.6) network.moveTo({ position: network.getPosition(chosen), scale: 0.6 })
}

async function load (wanted, of) {
  const query = new URLSearchParams([['of', of], ...wanted.map((one) => ['expand', one])])
  try {
    const answer = await fetch(`${dataAddress}?${query}`, { headers: { Accept: 'application/json' } })
    if (!answer.ok) throw new Error(answer.statusText)
    show(await answer.json(), wanted, of, query)
  } catch {
    say('The picture could not be changed. Load the page again and try again.')
  }
}

function show (data, wanted, of, query) {
  const known = new Set(nodes.getIds())
  const fresh = data.nodes.filter((node) => !known.has(node.id))
  chosen = of
  additions = wanted
  labelled = data.labelled
  nodes.add(fresh)
  edges.update(data.edges.map(dressed))
  network.selectNodes([of])
  fillTables(data)
  offer(data.choices, query)
  leftOut(data.leftOut)
  history.replaceState(null, '', `${chooser.dataset.address}?${query}`)
  if (fresh.length) {
    fit()
    say(`Added to the picture and the tables: ${fresh.map((node) => node.name).join(', ')}.`)
  } else {
    say(`${nodes.get(of).name} chosen.`)
  }
}

function offer (choices, query) {
  const people = nodes.get({ filter: (node) => node.kind === 'people' }).map((node) => {
    const link = anchor(node.name, `${chooser.dataset.address}?${new URLSearchParams([['of', node.id], ...wantedPairs()])}#picture`)
    link.classList.add('app-chooser__person')
    link.dataset.of = node.id
    if (node.id === chosen) link.setAttribute('aria-current', 'true')
    return link
  })
  const kinds = choices.map(({ kind, words, shown }) => {
    if (shown) return made('span', words.startsWith('0 ') ? words : `${words}, shown`, { className: 'app-quiet' })
    const link = anchor(`Add ${words}`, `${chooser.dataset.address}?${query}&expand=${kind}.${chosen}#picture`)
    link.dataset.kind = kind
    return link
  })
  if (additions.length) kinds.push(anchor('Start again with the family only', chooser.dataset.address))
  refill(find('picture-people'), people, (link) => link.dataset.of === chosen)
  refill(find('picture-kinds'), kinds, (link) => link.dataset.kind)
}

// Replace the items of a list; the keyboard stays in it if it was there.
function refill (list, contents, here) {
  const focused = list.contains(document.activeElement)
  list.replaceChildren(...contents.map(item))
  if (focused) (contents.find(here) ?? list.querySelector('a'))?.focus()
}

function wantedPairs () {
  return additions.map((one) => ['expand', one])
}

function anchor (words, href) {
  return made('a', words, { className: 'govuk-link', href })
}

function leftOut (names) {
  const line = find('picture-left-out')
  line.hidden = names.length === 0
  line.querySelector('span').textContent = names.join(', ')
}

function fillTables (data) {
  const name = Object.fromEntries(data.nodes.map((node) => [node.id, node.name]))
  find('picture-links').tBodies[0].replaceChildren(...data.edges.map((edge) => row([
    name[edge.from], edge.reads, name[edge.to], edge.said.join('; ')
  ], { edge: edge.id, source: edge.sources.join(' ') })))
  find('picture-nodes').tBodies[0].replaceChildren(...data.nodes.map((node) => row([
    node.kind === 'people' ? personLink(node) : node.name, KINDS[node.kind], node.detail, node.from || 'Not shown'
  ], { source: node.sources.join(' '), ...(node.kind === 'people' && { personId: node.id }) })))
}

function personLink (node) {
  return anchor(node.name, `${personAddress}/${encodeURIComponent(node.id)}`)
}

function row (cells, data) {
  const line = made('tr', '', { className: 'govuk-table__row' })
  Object.assign(line.dataset, data)
  for (const content of cells) {
    const cell = made('td', '', { className: 'govuk-table__cell' })
    cell.append(content)
    line.append(cell)
  }
  return line
}

function item (content) {
  const line = document.createElement('li')
  line.append(content)
  return line
}

function made (tag, words, properties = {}) {
  const element = document.createElement(tag)
  if (words) element.textContent = words
  return Object.assign(element, properties)
}

function say (words) {
  find('picture-news').textContent = words
}
