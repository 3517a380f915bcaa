"""Fifty characters of today's given names that a small Chinese font does not have."""

RARE = "祎堃喆玥瑄璟翀昇旻珺玮琤祺禛烨煊晗晞昉昳曌曦杺桢梓楹沄泓洺淏湉滢潆濛焱燚琋琎琰璠瓒甯筠箐翎翾芃苡荍菡"
