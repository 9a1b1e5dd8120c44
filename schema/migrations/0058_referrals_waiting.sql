-- Candidates that wait for an answer come first in what a collector received: few of many, found without reading the others.
create index referral_waiting on data.referral (id) where state = 'proposed';
