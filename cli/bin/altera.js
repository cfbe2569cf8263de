#!/usr/bin/env node
import {run} from '../src/run.js';

await run(process);
